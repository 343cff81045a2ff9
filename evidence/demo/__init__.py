"""The whole job on a bundled vault against bundled recorded answers."""

from __future__ import annotations

from pathlib import Path

VAULT = Path(__file__).parent / "vault"
REGISTRY = Path(__file__).parent / "registry"
