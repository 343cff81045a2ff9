"""A server that speaks the registries' wire formats from recorded answers."""

from __future__ import annotations
