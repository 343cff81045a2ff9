"""A new working folder: its commented settings, its folders and its database."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from evidence.config import FILE_NAME, Settings, load_settings
from evidence.errors import ConfigError
from evidence.store.database import open_database, place_of

_HEAD = """\
# Settings of `evidence`. Each line that is commented out shows a default: remove the `# ` to change it.
# Order: flag > environment (EVIDENCE_<SECTION>__<KEY>) > this file > your own file > default.
# Paths start at the folder of this file. Keys of services come from the environment only (NCBI_API_KEY).
# `evidence config` prints each value and where it is from.
"""
# Settings without a default, with an example of what to write.
_EXAMPLES = {"registries.mailto": "you@example.org"}


@dataclass(frozen=True, slots=True)
class InitResult:
    """What was made in a folder and what was there before."""

    config: Path
    config_written: bool
    folders: tuple[Path, ...]
    database: str

    def lines(self) -> list[str]:
        """Return what was done, one thing a line."""
        said = "wrote" if self.config_written else "kept"
        return [
            f"{said} {self.config}",
            *(f"made {folder}{os.sep}" for folder in self.folders),
            f"database {self.database} is ready",
        ]


def init_workspace(folder: Path) -> InitResult:
    """Make a working folder: `config.toml`, `db/`, `exports/` and the database. Nothing that exists is overwritten.

    Raises:
        ConfigError: the folder cannot be written, or a `config.toml` in it cannot be read.
        StoreError: the database cannot be made.
    """
    config = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = _write_new(config, default_config())
        loaded = load_settings(config)
        wanted = (folder / "db", loaded.folder / loaded.settings.export.folder)
        made = tuple(path for path in wanted if not path.is_dir())
        for path in made:
            path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be written: {error.strerror}", "choose another folder") from error
    engine = open_database(loaded.settings.database.url, folder=loaded.folder)
    engine.dispose()
    return InitResult(config, written, made, place_of(engine.url))


def default_config() -> str:
    """Return the text of a `config.toml` that changes nothing: every key, with its default and what it is for.

    >>> "[database]" in default_config()
    True
    """
    return _HEAD + "".join(_render(Settings, ""))


def _render(model: type[BaseModel], prefix: str) -> list[str]:
    """Return the lines of one table: its own keys first, then the tables in it, as TOML wants."""
    lines: list[str] = []
    tables: list[str] = []
    for name, info in model.model_fields.items():
        key = f"{prefix}{name}"
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            tables += [f"\n[{key}]\n", *_render(info.annotation, f"{key}.")]
        elif not info.exclude:
            lines += [
                f"# {info.description}\n",
                f"# {name} = {_to_toml(_EXAMPLES.get(key, info.get_default(call_default_factory=True)))}\n",
            ]
    return lines + tables


def _to_toml(value: Any) -> str:
    """Return a value in TOML, which writes texts, numbers and lists as JSON does."""
    return json.dumps(value, ensure_ascii=False)


def _write_new(path: Path, text: str) -> bool:
    """Write a file that does not exist yet, whole or not at all; tell whether it was written."""
    if path.exists():
        return False
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
    return True
