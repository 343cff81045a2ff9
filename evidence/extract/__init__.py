"""Page -> claims, notes, citations. Pure: bytes in, records out; no network, no database."""

from __future__ import annotations

from evidence.extract.page import VERSION, extract_page, format_of

__all__ = ["VERSION", "extract_page", "format_of"]
