"""Identifiers -> works, through Crossref and Entrez."""

from __future__ import annotations
