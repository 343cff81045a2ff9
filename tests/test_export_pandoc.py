"""pandoc reads our BibTeX, both dialects, and gives titles, authors and DOIs back as the registries had them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import unicodedata

import pytest
from export_store import PAPER, from_record, recorded_works, store_of
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.config import Settings
from evidence.export.bibtex import write_biblatex, write_bibtex
from evidence.export.escaping import clean, plain_text
from evidence.export.run import export

pytestmark = pytest.mark.skipif(
    shutil.which("pandoc") is None, reason="pandoc is not installed: apt-get install pandoc"
)
# pandoc makes quotes curly and flips them within others, and prints TeX's dashes.
QUOTES = str.maketrans(dict.fromkeys('’‘“”"`', "'"))


def pandoc(text, dialect):
    command = ["pandoc", "-f", dialect, "-t", "csljson"]
    return json.loads(
        subprocess.run(command, input=text, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    )


def bare(text):
    """A text without its markup, quotes made one, in NFC."""
    text = re.sub(r"</?(?:span|i|b|sub|sup)\b[^<>]*>", "", text or "")
    return unicodedata.normalize("NFC", " ".join(text.translate(QUOTES).split()))


def without_markup(text):
    """A text without braces, spaces, and what is a tag once the braces are gone."""
    return re.sub(r"</?i>", "", re.sub(r"[{}\s]", "", text))


def letters(name):
    """A name's letters, whichever particle stands where; a hyphen of Unicode's is a plain one in BibTeX."""
    return sorted(re.sub(r"[\s,.]", "", bare(name)).replace("\u2010", "-"))


def full_name(item):
    parts = ("literal", "dropping-particle", "non-dropping-particle", "family", "given", "suffix")
    return " ".join(item[part] for part in parts if part in item)


@pytest.fixture(params=["biblatex", "bibtex"])
def read(request, tmp_path):
    """The works of the recordings, by DOI, as pandoc reads our export of them."""
    engine = store_of(f"sqlite:///{tmp_path}/x.sqlite3", *map(from_record, recorded_works()))
    text = export(engine, Settings(), tmp_path, request.param).path.read_text("utf-8")
    return {item["DOI"]: item for item in pandoc(text, request.param)}


def test_every_work_is_read_under_its_doi(read):
    assert read.keys() == {record.identifiers[0].value for record in recorded_works()}


def test_titles_are_read_back(read):
    for record in recorded_works():
        assert bare(read[record.identifiers[0].value]["title"]) == bare(plain_text(record.title))


def test_markup_is_read_back(read):
    title = read["10.1039/d0ce00680g"]["title"]
    assert "[Ru(bpy)<sub>3</sub>]<sup>2+</sup>" in re.sub(r"</?span[^<>]*>", "", title)


def test_authors_are_read_back(read):
    for record in recorded_works():
        found = [letters(full_name(item)) for item in read[record.identifiers[0].value].get("author", [])]
        assert found == [letters(one.collective or f"{one.family} {one.given or ''}") for one in record.authors]


def test_years_are_read_back(read):
    for record in recorded_works():
        issued = read[record.identifiers[0].value].get("issued")
        year = issued["date-parts"][0][0] if issued else None
        assert (str(year) if year else None) == (record.date[:4] if record.date else None)


@pytest.mark.parametrize(("write", "dialect"), [(write_biblatex, "biblatex"), (write_bibtex, "bibtex")])
@settings(max_examples=5, deadline=None)
@given(
    texts=st.lists(
        st.text(st.sampled_from("{}%$\\@#&_^~<>/ia-,=*|[]\n"), min_size=1, max_size=30), min_size=50, max_size=100
    )
)
def test_hostile_titles_are_read_back(write, dialect, texts):
    works = [PAPER._replace(key=f"k{number}", title=f"x {text} y") for number, text in enumerate(texts)]
    found = {item["id"]: item for item in pandoc("".join(write([works], [])), dialect)}
    for work in works:
        assert without_markup(found[work.key]["title"]) == without_markup(clean(work.title))
