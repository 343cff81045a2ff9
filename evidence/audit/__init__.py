"""The verdict of each claim, with its reasons."""

from __future__ import annotations
