"""What the programs that people use make of a bibliography: each one reads it, and its reading comes back in one form.

A field is a text as the program would print it, with its markup gone; `authors` and `editors` are lists of names, each
with its parts in the order family (with particles), suffix, given, or a single part for a group.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import unicodedata
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import bibtexparser
import pybtex.database
import pytest
import rispy
from bibtexparser.middlewares import SeparateCoAuthors, SplitNameParts
from pylatexenc.latex2text import LatexNodes2Text

DATA = Path(__file__).parent / "data" / "export"
# Where this is set, as `.ci/run` does, a program that is missing fails its tests instead of skipping them.
REQUIRED = "EVIDENCE_TEST_ALL_CONSUMERS"
TEXTS = ("title", "container", "publisher", "volume", "number", "pages", "note", "abstract", "keywords")
ROLES = ("author", "editor")
# The last are where an entry without a container of its own says where it is from.
_CONTAINERS = ("journaltitle", "journal", "booktitle", "series", "howpublished", "organization")
_PUBLISHERS = ("publisher", "institution", "school", "organization", "howpublished")
# pandoc and LaTeX make straight quotes curly.
_QUOTES = str.maketrans(dict.fromkeys('’‘“”„"`´', "'") | {"ˆ": "^"})
_CITATION_JS = """
const {plugins} = require('@citation-js/core');
require('@citation-js/plugin-bibtex'); require('@citation-js/plugin-ris');
const text = require('fs').readFileSync(0, 'utf8');
const forceType = process.argv[1];
process.stdout.write(JSON.stringify(plugins.input.chain(text, {generateGraph: false, ...(forceType && {forceType})})));
"""


def need(*programs):
    """Skip a test whose programs are not installed; fail it where all of them must be."""
    missing = [
        one for one in programs if (find_citation_js() is None if one == "citation-js" else not shutil.which(one))
    ]
    if missing and os.environ.get(REQUIRED):
        pytest.fail(f"not installed: {', '.join(missing)}")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


@cache
def find_citation_js():
    """The folder of npm's packages that has citation-js, or None."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return None
    done = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=False)
    folders = [*os.environ.get("NODE_PATH", "").split(os.pathsep), done.stdout.strip()]
    return next((one for one in folders if one and (Path(one) / "@citation-js" / "plugin-bibtex").is_dir()), None)


def printed(text):
    """A text as a reader sees it: no tags, one kind of quotes and spaces, in NFC."""
    text = re.sub(r"</?(?:span|i|b|em|sub|sup|scp|strong)\b[^<>]*>", "", text or "")
    return unicodedata.normalize("NFC", " ".join(text.translate(_QUOTES).split()))


def from_tex(text):
    """What LaTeX prints of a text."""
    if not re.search(r"[\\{}~$%&#_^`'-]", text):
        return printed(text)
    return printed(LatexNodes2Text(keep_comments=False).latex_to_text(text))


def tex_fields(raw):
    """The fields of an entry in the words of LaTeX's programs."""
    found = {name: from_tex(raw[name]) for name in TEXTS if name in raw}
    for field, names in (("container", _CONTAINERS), ("publisher", _PUBLISHERS)):
        if (name := next((one for one in names if one in raw), None)) is not None:
            found[field] = from_tex(raw[name])
    if "booktitle" in raw and "series" in raw:
        found["series"] = from_tex(raw["series"])
    return found | {name: raw[name] for name in ("doi", "pmid", "pmcid", "date", "year") if name in raw}


def name_of(family, suffix="", given=""):
    return tuple(part for part in map(printed, (family, suffix, given)) if part)


# --- one function a program ------------------------------------------------------------------------------------------


def by_bibtexparser(text):
    library = bibtexparser.parse_string(text, append_middleware=[SeparateCoAuthors(), SplitNameParts()])
    assert library.failed_blocks == []
    found = {}
    for entry in library.entries:
        raw = {field.key: field.value for field in entry.fields}
        people = {
            f"{role}s": [
                name_of(*(from_tex(" ".join(part)) for part in ([*one.von, *one.last], one.jr, one.first)))
                for one in raw.pop(role, [])
            ]
            for role in ROLES
        }
        found[entry.key] = tex_fields(raw) | people
    return found


def by_pybtex(text):
    found = {}
    for key, entry in pybtex.database.parse_string(text, "bibtex").entries.items():
        raw = {name.lower(): value for name, value in entry.fields.items()}
        people = {
            f"{role}s": [
                name_of(
                    *(
                        from_tex(" ".join(part))
                        for part in (
                            [*one.prelast_names, *one.last_names],
                            one.lineage_names,
                            [*one.first_names, *one.middle_names],
                        )
                    ),
                )
                for one in entry.persons.get(role, [])
            ]
            for role in ROLES
        }
        found[key] = tex_fields(raw) | people
    return found


def from_csl(items, *, key="id"):
    found = {}
    for item in items:
        people = {
            f"{role}s": [
                name_of(
                    " ".join(
                        one[part]
                        for part in ("literal", "dropping-particle", "non-dropping-particle", "family")
                        if part in one
                    ),
                    one.get("suffix", ""),
                    one.get("given", ""),
                )
                for one in item.get(role, [])
            ]
            for role in ROLES
        }
        container = item.get("container-title") or item.get("collection-title") or item.get("publisher")
        fields = {"title": item.get("title"), "container": container, "volume": item.get("volume")}
        fields |= {"number": item.get("issue"), "pages": item.get("page"), "note": item.get("note")}
        fields |= {
            "publisher": item.get("publisher"),
            "abstract": item.get("abstract"),
            "keywords": item.get("keyword"),
        }
        dates = item.get("issued", {}).get("date-parts") or [[]]
        if "container-title" in item:
            fields["series"] = item.get("collection-title")
        found[item[key]] = {name: printed(str(value)) for name, value in fields.items() if value} | {
            **people,
            "doi": item.get("DOI"),
            "date": "-".join(f"{int(part):02}" for part in dates[0]),
        }
    return found


def by_pandoc(text, dialect, *, raw=False):
    command = ["pandoc", "-f", dialect, "-t", "csljson"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stderr == ""
    return json.loads(done.stdout) if raw else from_csl(json.loads(done.stdout))


def by_citeproc(text, dialect, folder):
    """What pandoc prints with a style of our own, which puts a sign between the fields."""
    suffix = {"biblatex": "bib", "bibtex": "bibtex", "csljson": "json"}[dialect]
    bibliography = folder / f"works.{suffix}"
    bibliography.write_text(text, "utf-8")
    style = DATA / "fields.csl"
    command = ["pandoc", "--citeproc", "--bibliography", bibliography, "--csl", style, "-f", "markdown-smart", "-t", "html", "--wrap=none"]  # fmt: skip
    page = "---\nnocite: '@*'\n---\n"
    done = subprocess.run(command, input=page, capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stderr == ""
    found = {}
    for item in ET.fromstring(f"<x>{done.stdout.replace('&nbsp;', ' ')}</x>").iter("div"):
        if item.get("id", "").startswith("ref-"):
            title, names, pages, doi = "".join(item.itertext()).strip().split("⁂")
            found[item.get("id").removeprefix("ref-")] = {
                "title": printed(title),
                "names": printed(names),
                "pages": pages.strip(),
                "doi": doi.strip(),
            }
    return found


def by_biber(text, folder):
    (folder / "works.bib").write_text(text, "utf-8")
    command = ["biber", "--tool", "--output-format=biblatexml", "--nolog", "-O", "works.bltxml", "works.bib"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8")
    said = [line for line in done.stdout.splitlines() if line.startswith(("WARN", "ERROR"))]
    assert (done.returncode, said) == (0, [])
    # It knows them, and leaves them out of this form of its output. To be asked again takes as long as the first time.
    keywords = _keywords_by_biber(folder) if re.search(r"^\s*keywords\s*=", text, re.MULTILINE) else {}
    found = {}
    for entry in ET.parse(folder / "works.bltxml").findall("{*}entry"):
        raw = {_local(one): "".join(one.itertext()).strip() for one in entry}
        if (pages := entry.find("{*}pages")) is not None:
            raw["pages"] = ", ".join(
                "--".join(filter(None, ("".join(part.itertext()).strip() for part in item)))
                if len(item)
                else (item.text or "")
                for item in pages.iterfind(".//{*}item")
            )
        if entry.get("id") in keywords:
            raw["keywords"] = keywords[entry.get("id")]
        people = {f"{role}s": list(_names_by_biber(entry, role)) for role in ROLES}
        found[entry.get("id")] = tex_fields(raw) | people
    return found


def _names_by_biber(entry, role):
    for one in entry.iterfind(f"{{*}}names[@type='{role}']/{{*}}name"):
        parts = {part.get("type"): " ".join(" ".join(part.itertext()).split()) for part in one.iterfind("{*}namepart")}
        family = " ".join(filter(None, (parts.get("prefix"), parts.get("family"))))
        yield name_of(*map(from_tex, (family, parts.get("suffix", ""), parts.get("given", ""))))


def _keywords_by_biber(folder):
    command = ["biber", "--tool", "--nolog", "-O", "again.bib", "works.bib"]
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    entries = bibtexparser.parse_file(str(folder / "again.bib")).entries
    raw = {entry.key: {field.key.lower(): field.value for field in entry.fields} for entry in entries}
    return {key: fields["keywords"] for key, fields in raw.items() if "keywords" in fields}


def _local(element):
    return element.tag.rpartition("}")[2]


def by_bibtex(text, folder, style="fields"):
    """What BibTeX hands to a style; one of our own writes each field on a line of its own."""
    (folder / "works.bib").write_text(text, "utf-8")
    (folder / "works.aux").write_text(f"\\citation{{*}}\n\\bibdata{{works}}\n\\bibstyle{{{style}}}\n", "utf-8")
    if style == "fields":
        shutil.copy(DATA / "fields.bst", folder)
    done = subprocess.run(["bibtex", "works"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    written = (folder / "works.bbl").read_text("utf-8")
    if style != "fields":
        return written
    found = {}
    # BibTeX breaks long lines at a space.
    for line in re.split(r"\n(?=⁂)", written.strip()):
        _, key, field, value = " ".join(line.split()).split("⁂", 3)
        entry = found.setdefault(key, {"authors": [], "editors": []})
        if field in ROLES:
            entry[f"{field}s"].append(name_of(*map(from_tex, value.split("⁑"))))
        else:
            entry[field] = value.strip()
    people = ("authors", "editors")
    return {key: tex_fields(raw) | {role: raw[role] for role in people} for key, raw in found.items()}


def by_rispy(text):
    found = {}
    for item in rispy.loads(text):
        pages = "-".join(item[one] for one in ("start_page", "end_page") if one in item)
        told = (item.get("secondary_authors"), item.get("tertiary_authors"), item.get("unknown_tag", {}).get("ED"))
        editors = next(filter(None, told), [])
        people = {"authors": item.get("authors", []), "editors": editors}
        found[item["id"]] = {
            "title": item["title"],
            "container": item.get("secondary_title") or item.get("tertiary_title"),
            "publisher": item.get("publisher"),
            "volume": item.get("volume", ""),
            "number": item.get("number", ""),
            "pages": pages,
            "doi": item.get("doi"),
            "date": "-".join(filter(None, item["date"].split("/"))) if "date" in item else item.get("year", ""),
            "series": item.get("tertiary_title") if "secondary_title" in item else None,
            **{role: [_name_by_ris(one) for one in names] for role, names in people.items()},
        }
        if "abstract" in item:
            found[item["id"]] |= {"abstract": item["abstract"], "keywords": ", ".join(item["keywords"])}
        if "notes" in item:
            found[item["id"]]["note"] = " ".join(item["notes"])
    return found


def _name_by_ris(name):
    # The parts stand in the order family, given, suffix; a group ends in a comma.
    return name_of(name.removesuffix(",")) if name.endswith(",") else name_of(*name.split(", "))


def by_citation_js(text, form=""):
    done = subprocess.run(
        ["node", "-e", _CITATION_JS, *filter(None, [form])],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "NODE_PATH": find_citation_js()},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return from_csl(json.loads(done.stdout))


def is_short_latin(author):
    """Whether the old styles can shorten a name."""
    from evidence.export.escaping import is_latin

    return all(is_latin(part) for part in (author.family, author.given, author.collective) if part)
