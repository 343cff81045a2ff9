"""An audit as HTML: no network, no script needed to read, everything from pages and registries escaped.

A small vault is one file. A large one is an index with the worst claims, and beside it a folder with the claims by
section, the works, the findings and the JSON.
"""

from __future__ import annotations

from evidence.audit.html.writing import to_html, write_html

__all__ = ["to_html", "write_html"]
