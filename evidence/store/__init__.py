"""The database: tables, migrations, and the queries that the steps share."""

from __future__ import annotations
