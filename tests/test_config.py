from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from evidence.config import Settings, known_keys, load_settings, value_of
from evidence.errors import ConfigError
from evidence.workspace import default_config, init_workspace

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def nowhere_else(tmp_path, monkeypatch):
    """A working folder, a user's folder and an environment without settings."""
    for name in ("CROSSREF_MAILTO", "NCBI_EMAIL", "NCBI_API_KEY", "EVIDENCE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def write(text, name="config.toml"):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def write_users_own(tmp_path, text):
    return write(text, tmp_path / "home/evidence/config.toml")


def test_without_any_file_every_value_is_the_default():
    loaded = load_settings()
    assert loaded.settings == Settings()
    assert set(loaded.origins.values()) == {"default"}


def test_flag_wins_over_environment_over_file_over_the_users_own_over_default(tmp_path, monkeypatch):
    write_users_own(tmp_path, "[registries]\nmax_age_days = 1\ntimeout_s = 1\ntries = 1\nnot_found_age_days = 1\n")
    write("[registries]\nmax_age_days = 2\ntimeout_s = 2\ntries = 2\n")
    monkeypatch.setenv("EVIDENCE_REGISTRIES__MAX_AGE_DAYS", "3")
    monkeypatch.setenv("EVIDENCE_REGISTRIES__TIMEOUT_S", "3")
    loaded = load_settings(None, {"registries": {"max_age_days": 4}})
    kept = loaded.settings.registries
    assert (kept.max_age_days, kept.timeout_s, kept.tries, kept.not_found_age_days, kept.mailto) == (4, 3, 2, 1, None)
    origins = [loaded.origins[f"registries.{key}"] for key in ("max_age_days", "timeout_s", "tries", "mailto")]
    assert origins == ["flag", "environment", str(Path.cwd() / "config.toml"), "default"]


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("[registries]\nmax_age_day = 3\n", "registries.max_age_days"),
        ("[registry]\nmailto = 'a'\n", "registries"),
        ("[vault]\nexlude = []\n", "vault.exclude"),
        ("[registries.crosref]\nbase_url = ''\n", "registries.crossref"),
    ],
)
def test_unknown_key_names_the_nearest(text, nearest):
    write(text)
    with pytest.raises(ConfigError, match="unknown key") as caught:
        load_settings()
    assert f"`{nearest}`" in caught.value.hint


def test_broken_toml_names_file_and_line():
    write("[vault]\npaths = [\n= 3\n")
    with pytest.raises(ConfigError, match=r"config\.toml: not valid TOML: .*line 3"):
        load_settings()


def test_value_of_the_wrong_type_names_file_and_key():
    write('[registries]\nmax_age_days = "soon"\n')
    with pytest.raises(ConfigError, match=r"config\.toml: `registries\.max_age_days`: .*integer"):
        load_settings()


def test_value_out_of_range_is_an_error():
    write("[registries]\ntries = 0\n")
    with pytest.raises(ConfigError, match=r"`registries\.tries`"):
        load_settings()


def test_value_in_place_of_a_table_is_an_error():
    write("vault = 3\n")
    with pytest.raises(ConfigError, match="`vault` is a table") as caught:
        load_settings()
    assert caught.value.hint == "write [vault]"


def test_file_that_is_not_utf_8_is_an_error():
    Path("config.toml").write_bytes(b'[vault]\npaths = ["\xff"]\n')
    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings()


def test_file_that_is_named_and_missing_is_an_error():
    with pytest.raises(ConfigError, match="no such settings file") as caught:
        load_settings(Path("none.toml"))
    assert "evidence init" in caught.value.hint


def test_paths_start_at_the_folder_of_the_file(tmp_path, monkeypatch):
    write("[vault]\npaths = ['notes']\n")
    deep = tmp_path / "work/notes/deep"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert load_settings().folder == tmp_path / "work"


def test_file_above_a_checkout_is_not_looked_for(tmp_path, monkeypatch):
    write("[registries]\ntries = 2\n")
    (tmp_path / "work/repository/.git").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "work/repository")
    assert load_settings().settings.registries.tries == Settings().registries.tries


def test_another_programs_file_on_the_way_up_is_passed_over(tmp_path, monkeypatch):
    write("baseURL = 'https://example.org'\n")
    (tmp_path / "work/content").mkdir()
    monkeypatch.chdir(tmp_path / "work/content")
    assert load_settings().settings == Settings()


def test_address_of_the_database_comes_from_its_own_variable(monkeypatch):
    write("[database]\nurl = 'sqlite:///file.sqlite3'\n")
    monkeypatch.setenv("EVIDENCE_DATABASE_URL", "sqlite:///environment.sqlite3")
    loaded = load_settings()
    assert loaded.settings.database.url == "sqlite:///environment.sqlite3"
    assert loaded.origins["database.url"] == "environment"


def test_setting_three_tables_deep_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("EVIDENCE_REGISTRIES__CROSSREF__BASE_URL", "http://127.0.0.1:8765")
    assert load_settings().settings.registries.crossref.base_url == "http://127.0.0.1:8765"


def test_list_in_the_environment_is_json(monkeypatch):
    monkeypatch.setenv("EVIDENCE_VAULT__PATHS", '["a", "b"]')
    assert load_settings().settings.vault.paths == ("a", "b")


def test_table_in_the_environment_that_is_no_json_is_an_error(monkeypatch):
    monkeypatch.setenv("EVIDENCE_VAULT", "notes")
    with pytest.raises(ConfigError, match="environment"):
        load_settings()


def test_unknown_key_in_the_environment_names_the_nearest(monkeypatch):
    monkeypatch.setenv("EVIDENCE_VAULT__PATH", '["a"]')
    with pytest.raises(ConfigError, match=r"environment: unknown key `vault\.path`"):
        load_settings()


def test_variable_of_another_program_is_passed_over(monkeypatch):
    monkeypatch.setenv("EVIDENCE_TEST_POSTGRES_URL", "postgresql://host/name")
    assert load_settings().settings == Settings()


@pytest.mark.parametrize(
    "text", ["ncbi_api_key = 'k'\n", "[registries]\nncbi_api_key = 'k'\n", "[registries.entrez]\napi_key = 'k'\n"]
)
def test_key_of_a_service_in_a_file_is_refused_and_not_repeated(text):
    write(text.replace("'k'", "'secret-0123'"))
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert "NCBI_API_KEY" in caught.value.hint
    assert "secret-0123" not in str(caught.value) + caught.value.hint


def test_key_of_a_service_comes_from_the_environment_and_is_never_shown(monkeypatch):
    monkeypatch.setenv("NCBI_API_KEY", "secret-0123")
    settings = load_settings().settings
    assert settings.ncbi_api_key == "secret-0123"
    assert "secret-0123" not in repr(settings) + settings.model_dump_json()
    assert "ncbi_api_key" not in known_keys()


def test_address_for_the_registries_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("CROSSREF_MAILTO", "me@example.org")
    assert load_settings().settings.registries.mailto == "me@example.org"


def test_every_key_has_its_line_of_explanation():
    assert [key for key, text in known_keys().items() if not text] == []


def test_shipped_file_is_what_init_writes():
    assert (ROOT / "config.toml").read_text("utf-8") == default_config()


def test_shipped_file_loads_and_changes_nothing():
    assert load_settings(ROOT / "config.toml").settings == Settings()


def test_shipped_file_has_every_key_with_its_default():
    lines = [line.removeprefix("# ") if " = " in line else line for line in default_config().splitlines()]
    table = tomllib.loads("\n".join(lines))
    values = dict(_flatten(table))
    values = {key: values.get(key, {}) for key in known_keys() if key in values or key == "audit.severity"}
    assert list(values) == list(known_keys())
    assert values.pop("registries.mailto") == "you@example.org"
    assert values == {key: _plain(value_of(Settings(), key)) for key in values}


def test_init_makes_settings_folders_and_database():
    result = init_workspace(Path("vault"))
    assert {path.name for path in Path("vault").iterdir()} == {"config.toml", "db", "exports"}
    assert Path("vault/db/evidence.sqlite3").is_file()
    assert "wrote" in result.lines()[0]


def test_init_again_keeps_what_is_there():
    init_workspace(Path())
    write("[registries]\ntries = 3\n")
    assert not init_workspace(Path()).config_written
    assert load_settings().settings.registries.tries == 3


def test_init_where_nothing_can_be_written_is_one_message():
    Path("file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        init_workspace(Path("file/vault"))


def _flatten(table, prefix=""):
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _plain(value):
    return list(value) if isinstance(value, tuple) else value


def test_paths_of_mirrors_start_at_the_folder_of_their_own_file(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    users_own = write_users_own(tmp_path, '[registries]\nmirror = ["bulk", "/data/pubmed", "~/crossref"]\n')
    write("[vault]\npaths = ['notes']\n")
    expected = (str(users_own.parent / "bulk"), "/data/pubmed", str(tmp_path / "home/crossref"))
    assert load_settings().settings.registries.mirror == expected
    write('[registries]\nmirror = ["bulk"]\n')
    assert load_settings().settings.registries.mirror == (str(tmp_path / "work/bulk"),)
    monkeypatch.setenv("EVIDENCE_REGISTRIES__MIRROR", '["other"]')
    assert load_settings().settings.registries.mirror == (str(tmp_path / "work/other"),)
