"""config.toml, the environment and flags -> frozen `Settings`.

Order: flag > environment (`EVIDENCE_<SECTION>__<KEY>`) > `config.toml` > the user's own file > default. Paths in a
file are relative to its own folder. Keys of services come from the environment only, never from a file.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from evidence.errors import ConfigError
from evidence.vocabulary import FailOn, Severity

FILE_NAME = "config.toml"
ENVIRONMENT_PREFIX = "EVIDENCE_"
NESTING = "__"
_NO_FILES = frozenset({"environment", "flag"})


class Section(BaseModel):
    """One table of config.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class VaultSettings(Section):
    """Which pages are read."""

    paths: tuple[str, ...] = Field(default=(".",), description="folders or files to read")
    include: tuple[str, ...] = Field(
        default=("**/*.md", "**/*.markdown", "**/*.html", "**/*.htm", "**/*.txt"),
        description="which files below them are pages",
    )
    exclude: tuple[str, ...] = Field(default=(), description="which of these are left out")


class DatabaseSettings(Section):
    """Where claims and works are kept."""

    url: str = Field(default="sqlite:///db/evidence.sqlite3", description="SQLAlchemy address of the database")


def _check_address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("an address begins with http:// or https://")
    return value.rstrip("/")


Address = Annotated[str, AfterValidator(_check_address)]


# A hundred years.
MOST_DAYS = 36_500
# A server of your own may take as many as it can.
MOST_PER_S = 10_000.0


class CrossrefSettings(Section):
    """How Crossref is asked. The rates are those of the polite pool since December 2025."""

    base_url: Address = Field(default="https://api.crossref.org", description="where Crossref answers")
    list_requests_per_s: float = Field(default=3.0, gt=0, le=MOST_PER_S, description="list requests a second")
    single_requests_per_s: float = Field(
        default=10.0, gt=0, le=MOST_PER_S, description="single-record requests a second"
    )
    batch_size: int = Field(default=100, ge=1, le=1000, description="DOIs in one request")


class EntrezSettings(Section):
    """How the E-utilities are asked. The rate without an API key is 3 a second for all of them together."""

    base_url: Address = Field(
        default="https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
        description="where the E-utilities answer",
    )
    requests_per_s: float = Field(default=3.0, gt=0, le=MOST_PER_S, description="requests a second; 10 with an API key")
    batch_size: int = Field(default=200, ge=1, le=10_000, description="PMIDs in one request")


class DoiSettings(Section):
    """How doi.org is asked, which sends on to the agency of a DOI that is not Crossref's.

    DataCite allows 1,000 such requests in five minutes.
    """

    base_url: Address = Field(
        default="https://doi.org",
        description="where DOIs are sent on; beside another Crossref than the real one: there",
    )
    requests_per_s: float = Field(
        default=3.0, gt=0, le=MOST_PER_S, description="requests a second, those sent on included"
    )


class RegistriesSettings(Section):
    """How the registries are asked, and how long an answer holds."""

    mailto: str | None = Field(default=None, description="your address, sent to Crossref and NCBI as they ask")
    max_age_days: int = Field(
        default=180, ge=0, le=MOST_DAYS, description="days after which metadata is asked for again"
    )
    not_found_age_days: int = Field(
        default=7, ge=0, le=MOST_DAYS, description="days after which a missing work is asked for again"
    )
    retraction_age_days: int = Field(
        default=7, ge=0, le=MOST_DAYS, description="days after which retractions and corrections are asked for again"
    )
    timeout_s: float = Field(default=30.0, gt=0, le=3600, description="seconds to wait for an answer")
    tries: int = Field(default=6, ge=1, description="tries of one request, the first included")
    mirror: tuple[str, ...] = Field(
        default=(), description="folders or files of PubMed's and Crossref's bulk data, read before a registry is asked"
    )
    crossref: CrossrefSettings = CrossrefSettings()
    entrez: EntrezSettings = EntrezSettings()
    doi: DoiSettings = DoiSettings()


class AcknowledgedFinding(Section):
    """One finding that its author accepts: `evidence audit --acknowledge` prints it."""

    fingerprint: str = Field(min_length=1)
    facts: str = ""
    reason: str = Field(min_length=1)


class AuditSettings(Section):
    """The audit's choices; its rules are fixed."""

    resources: tuple[str, ...] = Field(
        default=(),
        description='papers that describe a database, as "pmid:123" or "doi:10.1/x": never counted as a study',
    )
    n_small: int = Field(default=30, ge=1, description="human studies below this n are flagged")
    old_years: int = Field(default=20, ge=1, description="claims whose newest source is older are flagged")
    tag_form: str = Field(
        default="#gap/{name}", description="how `evidence tag` writes a tag on a page that has none of its own"
    )
    fail_on: FailOn = Field(
        default=FailOn.WARNING, description='findings from this severity on make the exit code 1; "never" for none'
    )
    select: tuple[str, ...] = Field(default=(), description='codes of the findings to show, or how they begin: "EV00"')
    ignore: tuple[str, ...] = Field(default=(), description="codes of the findings to leave out, or how they begin")
    severity: dict[str, Severity] = Field(
        default_factory=dict, description='severities of your own, by code: {EV003="info"}'
    )
    baseline: str = Field(
        default="", description="file of known findings, which `evidence audit` leaves out; empty for none"
    )
    acknowledged: tuple[AcknowledgedFinding, ...] = Field(
        default=(), description="findings that you accept: [[audit.acknowledged]] with fingerprint, facts, reason"
    )


class ExportSettings(Section):
    """Where exports go and how they look."""

    folder: str = Field(default="exports", description="where `evidence export` and reports write")
    citekey: str = Field(
        default="{family}{year}{word}", description='formula of new citekeys, or "note" for the key of the footnote'
    )
    key_file: str = Field(
        default="citekeys.txt", description="where citekeys are kept beside the database; empty for nowhere"
    )


class Settings(BaseSettings):
    """Every setting, read once."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=ENVIRONMENT_PREFIX,
        env_nested_delimiter=NESTING,
    )

    vault: VaultSettings = VaultSettings()
    database: DatabaseSettings = DatabaseSettings()
    registries: RegistriesSettings = RegistriesSettings()
    audit: AuditSettings = AuditSettings()
    export: ExportSettings = ExportSettings()
    ncbi_api_key: str | None = Field(default=None, exclude=True, repr=False)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what `load_settings` merged, and nothing behind its back."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings, the folder that relative paths in them start from, and where each value is from."""

    settings: Settings
    folder: Path
    origins: dict[str, str]


def load_settings(config: Path | None = None, overrides: dict[str, Any] | None = None) -> LoadedSettings:
    """Read the settings from flags, the environment and files.

    Args:
        config: the file to read; without it the nearest `config.toml` upwards, stopping at the root of a git checkout.
        overrides: values from flags, as nested tables such as `{"database": {"url": "sqlite:///x.sqlite3"}}`.

    Returns:
        The settings with, for each key such as "database.url", where its value is from.

    Raises:
        ConfigError: a file is missing, is no TOML, or has an unknown key or a value of the wrong type.
    """
    file = _chosen_file(config)
    folder = file.parent if file else Path.cwd()
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name, table in _layers(file, overrides or {}):
        _check_keys(table, name)
        _root_mirrors(table, folder if name in _NO_FILES else Path(name).parent)
        _merge(merged, table, name, origins)
    try:
        settings = Settings(**merged)
    except ValidationError as error:
        raise _invalid_value(error, origins) from error
    for key in known_keys():
        origins.setdefault(key, "default")
    return LoadedSettings(settings, folder.resolve(), origins)


def known_keys(model: type[BaseModel] = Settings, prefix: str = "") -> dict[str, str]:
    """Return every key that a file may set, dotted, with its line of explanation.

    >>> known_keys()["database.url"]
    'SQLAlchemy address of the database'
    """
    keys: dict[str, str] = {}
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            keys |= known_keys(info.annotation, f"{prefix}{name}.")
        elif not info.exclude:
            keys[f"{prefix}{name}"] = info.description or ""
    return keys


def value_of(settings: Settings, key: str) -> Any:
    """Return the value of a dotted key.

    >>> value_of(Settings(), "registries.max_age_days")
    180
    """
    value: Any = settings
    for part in key.split("."):
        value = getattr(value, part)
    return value


def _chosen_file(config: Path | None) -> Path | None:
    if config is not None:
        if not config.is_file():
            raise ConfigError(f"{config}: there is no such settings file", "run `evidence init` to write one")
        return config
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / FILE_NAME).is_file() and _is_ours(folder / FILE_NAME):
            return folder / FILE_NAME
        if (folder / ".git").exists():
            break
    return None


def _is_ours(file: Path) -> bool:
    """Tell whether a `config.toml` found on the way up is one of this program's: other tools use the name too."""
    if file.parent == Path.cwd():
        return True
    try:
        return bool(set(tomllib.loads(file.read_text("utf-8"))) & set(Settings.model_fields))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False


def _layers(file: Path | None, overrides: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the tables of settings, weakest first, each with the name of where it is from."""
    user_file = platformdirs.user_config_path("evidence") / FILE_NAME
    files = (user_file if user_file.is_file() else None, file)
    layers = [(str(path), _read_toml(path)) for path in files if path is not None]
    layers.append(("environment", _environment()))
    layers.append(("flag", overrides))
    return layers


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}", "mend that line and try again") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}", "it must be a text file in UTF-8") from error


def _environment() -> dict[str, Any]:
    """Return the settings in the environment. A variable with a section that we do not have is not ours to judge."""
    try:
        values = EnvSettingsSource(Settings)()
    except SettingsError as error:
        raise ConfigError(
            f"environment: a variable {ENVIRONMENT_PREFIX}... holds a value that is not JSON: {error}",
            'write a list as ["a", "b"], and one key of a section as EVIDENCE_VAULT__PATHS',
        ) from error
    table = {key: value for key, value in values.items() if key in Settings.model_fields}
    if url := os.environ.get("EVIDENCE_DATABASE_URL"):
        table.setdefault("database", {}).setdefault("url", url)
    if mailto := os.environ.get("CROSSREF_MAILTO") or os.environ.get("NCBI_EMAIL"):
        table.setdefault("registries", {}).setdefault("mailto", mailto)
    if api_key := os.environ.get("NCBI_API_KEY"):
        table["ncbi_api_key"] = api_key
    return table


def _check_keys(table: dict[str, Any], origin: str, model: type[BaseModel] = Settings, prefix: str = "") -> None:
    for name, value in table.items():
        info = model.model_fields.get(name)
        if info is None or (info.exclude and origin not in {"environment", "flag"}):
            raise _unknown_key(f"{prefix}{name}", origin)
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            if not isinstance(value, dict):
                raise ConfigError(f"{origin}: `{prefix}{name}` is a table, not a value", f"write [{prefix}{name}]")
            _check_keys(value, origin, info.annotation, f"{prefix}{name}.")


def _root_mirrors(table: dict[str, Any], folder: Path) -> None:
    """Make the paths of mirrors whole: they are read where nothing is known of the file that they stand in."""
    section = table.get("registries")
    paths = section.get("mirror") if isinstance(section, dict) else None
    if isinstance(paths, list) and all(isinstance(path, str) for path in paths):
        # The table may be the caller's own.
        whole = [str(folder.resolve() / Path(path).expanduser()) for path in paths]
        table["registries"] = {**table["registries"], "mirror": whole}


def _unknown_key(key: str, origin: str) -> ConfigError:
    known = [*known_keys(), *{name.rpartition(".")[0] for name in known_keys()}]
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    last = {name.rpartition(".")[2]: name for name in known_keys()}
    near = near or [last[name] for name in difflib.get_close_matches(key.rpartition(".")[2], last, n=1, cutoff=0.6)]
    hint = f"did you mean `{near[0]}`?" if near else "run `evidence config` to see the keys"
    if key.endswith("api_key"):
        hint = "keys of services come from the environment only: set NCBI_API_KEY"
    return ConfigError(f"{origin}: unknown key `{key}`", hint)


def _merge(into: dict[str, Any], table: dict[str, Any], origin: str, origins: dict[str, str], prefix: str = "") -> None:
    for name, value in table.items():
        if isinstance(value, dict) and f"{prefix}{name}" not in known_keys():
            _merge(into.setdefault(name, {}), value, origin, origins, f"{prefix}{name}.")
        else:
            into[name] = value
            origins[f"{prefix}{name}"] = origin


def _invalid_value(error: ValidationError, origins: dict[str, str]) -> ConfigError:
    first = error.errors()[0]
    parts = [str(part) for part in first["loc"]]
    key = ".".join(part for part in parts if not part.isdigit())
    return ConfigError(
        f"{origins.get(key, 'settings')}: `{key}`: {first['msg'].lower()}",
        known_keys().get(key) or "run `evidence config` to see the keys",
    )
