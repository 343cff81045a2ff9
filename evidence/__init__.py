"""Which papers your pages rest on, whether they still stand, and how strong the evidence is."""

from __future__ import annotations

__version__ = "0.1.0"
