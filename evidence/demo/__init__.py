"""The whole job on a bundled vault against bundled recorded answers."""

from __future__ import annotations
