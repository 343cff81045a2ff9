"""What an audit found, told in one format a module, and what all of them share: the order, worst first.

`evidence.audit.formats.FORMATS` lists the formats. To add one write a module here with one function that yields the
report in pieces, and give it a line there and in `cli.AuditFormat`.
"""

from __future__ import annotations

from evidence.audit.reports.json import SCHEMA, json_chunks, to_dict, to_json
from evidence.audit.reports.ranking import rank_claims, rank_sources

__all__ = ["SCHEMA", "json_chunks", "rank_claims", "rank_sources", "to_dict", "to_json"]
