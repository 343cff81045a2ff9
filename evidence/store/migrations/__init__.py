"""The steps from an older schema to the current one, one file a step, run by `store/database.py`."""

from __future__ import annotations
