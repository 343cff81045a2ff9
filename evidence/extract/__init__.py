"""Page -> claims, notes, citations. Pure: bytes in, records out; no network, no database."""

from __future__ import annotations
