"""The same page gives the same works and claims as Markdown, as HTML of several generators, and as plain text.

What a form cannot keep is not asked of it: HTML and plain text know no front matter, plain text no links and no levels
of headings.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import NamedTuple

import pytest
from reading import read

from evidence.extract.encoding import note_to_dict
from evidence.extract.notes.studies import StudyIndex, link_studies, read_study
from evidence.records import Claim, ExtractedPage

needs_pandoc = pytest.mark.skipif(
    shutil.which("pandoc") is None, reason="pandoc is not installed: apt-get install pandoc"
)

MARKS = """# Bone loss

Bone is lost with age.[^a] It comes back when loaded [^b]. Both hold in mice[^a][^b], and in rats,[^c] but "not in fish."[^d]
Some say so.[^a] [^c] Lee et al. saw it in *C. elegans*. p53 does not matter (see Fig. 2).

What **nobody denies:** it hurts.[^d] `code` stays.

[^a]: doi:10.1000/a1 · Lee J et al. · *J Bone* 2019;3:4-5 · rct · n=40
[^b]: Kim S, PMID 12345678, doi:10.1000/b1 · cohort
[^c]: <https://doi.org/10.1000/c1> — mouse
[^d]: Retraction notice: doi:10.1000/d2. Original: doi:10.1000/d1
"""

LISTS = """# Lists

## Drugs that work

Two drugs make mice live longer [^a]:

- Rapamycin, late in life[^b]
- Metformin [^c]:
  - in males only
  - but not in the second trial [^d]
- Nothing else

Three steps are shown [^d]:

1. Weigh the mouse.
2. Feed it.[^a] Then weigh it again.[^b]
3. Wait.

[^a]: doi:10.1000/a1
[^b]: doi:10.1000/b1
[^c]: doi:10.1000/c1
[^d]: PMID: 23456789
"""

LEADS = """# Leads

## Drugs that work

Two drugs make mice live longer:[^a]

- Rapamycin
- Metformin: [^b]
  - in males only

[^a]: doi:10.1000/a1
[^b]: doi:10.1000/b1
"""

TABLES = """# Tables

## Trials

All trials found so far.[^b]

| Drug | Effect | Source |
|---|---|---|
| Rapamycin | longer | [^a] |
| Metformin | none | doi:10.1000/inline1 |
| Aspirin | males only[^c] | [^a][^b] |
| Resveratrol | none | |

The rest is silent.

[^a]: doi:10.1000/a1
[^b]: doi:10.1000/b1
[^c]: doi:10.1000/c1
"""

TAGS = """# Tags

## First part

It rises with age.[^a] #gap/needs-replication

It falls in mice. #gap/no-mechanism — the pathway is unknown.

- One study says otherwise [^b] #gap/contradictory-evidence

[^a]: doi:10.1000/a1 · #gap/needs-replication (one study)
[^b]: doi:10.1000/b1
"""

LINKS = """# Links

## Evidence

It rises ([Lee 2019](https://doi.org/10.1000/x1)), as did others (PMID: 34567890; PMC1234567).

See <https://www.ncbi.nlm.nih.gov/pubmed/45678901/> for more. *Nature* says no.[^a]

> It was never shown.[^b] Nobody tried.

[^a]: Lee J. A study of "things" & more. doi:10.1000/s0092-8674(00)80258-5
[^b]: First part of it.
    Second line: doi:10.1000/b1

    A paragraph of its own · n=12
"""

NUMBERS = """# Numbers

## Doses of 5 and more

We gave 5 mg to 12 mice of type 2.[^a] The dose rose by 3. RUNX2 fell to 1.[^b]

In 2019, 14 mice died.[^c] Of those, 2 had TP53.

[^a]: doi:10.1000/a1
[^b]: doi:10.1000/b1
[^c]: doi:10.1000/c1
"""

PROSE = """# Prose

## Bone

Bone is lost with age [^a]. It comes back when loaded,[^b] as others say [^c]. Mice of type 2 lose more [^a][^c].
In 1997, 12 mice were weighed.[^b] They lost 3 g.

Nobody knows why.

[^a]: doi:10.1000/a1
[^b]: doi:10.1000/b1
[^c]: doi:10.1000/c1
"""

PAGES = {
    "marks": MARKS,
    "lists": LISTS,
    "leads": LEADS,
    "tables": TABLES,
    "tags": TAGS,
    "links": LINKS,
    "numbers": NUMBERS,
    "prose": PROSE,
}
PLAIN_PAGES = sorted(PAGES)
# Bare numbers cannot be told from others in the cells of a table, nor behind a number: "type 2.1".
BARE_PAGES = ["tags", "links", "prose"]


# --- what is compared ---------------------------------------------------------------------------


class Said(NamedTuple):
    """A claim without what depends on the form: its words, its works, those of its lead sentences, its tags."""

    words: str
    works: frozenset[str]
    lead: frozenset[str]
    tags: tuple[tuple[str, str | None], ...]
    section: tuple[str, ...] | None


def said(page: ExtractedPage, *, sections: bool = True, scopes: bool = True) -> list[Said]:
    """The claims of a page, without those that are only its footer."""
    works = {note.key: note.primary.value if note.primary else note.text for note in page.notes}
    return [
        Said(
            words(claim),
            frozenset(
                works.get(one.note, f"[{one.note}]") if one.note else one.identifier.value for one in claim.citations
            ),
            frozenset(works[key] for key in claim.lead_in),
            tuple((tag.name, words_of(tag.scope or "") if scopes else None) for tag in claim.tags),
            claim.section if sections else None,
        )
        for claim in page.claims
    ]


def words(claim: Claim) -> str:
    """The words of a claim without marks and markup."""
    text, at, parts = claim.text, 0, []
    for one in claim.citations if "[^" not in text else ():
        begin = one.start - claim.start
        if one.note is not None and at <= begin and claim.text[begin:].startswith((" ", "[", *"0123456789")):
            parts.append(text[at:begin])
            at = one.end - claim.start
    return words_of("".join(parts) + text[at:])


def words_of(text: str) -> str:
    """A text in letters and digits only, so that quotes, dashes and markup do not count."""
    text = re.sub(r"\[\^[^\]]*\]", "", text)
    text = re.sub(r"\[\[(?:[^\]|\\]*\\?\|)?([^\]]*)\]\]", r"\1", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)\s]*\)", r"\1", text)
    return re.sub(r"[\W_]+", "", re.sub(r"#?gap/", "", text)).lower()


def cited_works(page: ExtractedPage) -> set[str]:
    used = {one.note for claim in page.claims for one in claim.citations}
    return {note.primary.value for note in page.notes if note.primary and note.key in used}


# --- the generators -----------------------------------------------------------------------------


def pandoc(text: str, to: str, *options: str) -> str:
    command = ["pandoc", "-f", "gfm+footnotes", "-t", to, *options]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, encoding="utf-8").stdout


class Form(NamedTuple):
    """How a generator writes a mark and a note; `{key}` is the note's, `{n}` its number, `{text}` what it says."""

    mark: str
    notes: str
    note: str
    page: str = "{body}{notes}"


FORMS = {
    "GitHub": Form(
        '<sup><a href="#user-content-fn-{key}-0123456789abcdef0123456789abcdef" id="user-content-fnref-{key}-0123456789abcdef0123456789abcdef" data-footnote-ref="" aria-describedby="footnote-label">{n}</a></sup>',
        '<section data-footnotes="" class="footnotes"><h2 id="footnote-label" class="sr-only">Footnotes</h2><ol>{notes}</ol></section>',
        '<li id="user-content-fn-{key}-0123456789abcdef0123456789abcdef">{text} <a href="#user-content-fnref-{key}-0123456789abcdef0123456789abcdef" data-footnote-backref="" aria-label="Back to reference {n}" class="data-footnote-backref"><g-emoji class="g-emoji" alias="leftwards_arrow_with_hook">↩</g-emoji></a></li>',
        '<article class="markdown-body entry-content container-lg" itemprop="text">{body}{notes}</article>',
    ),
    "Quartz": Form(
        '<sup><a href="#user-content-fn-{key}" id="user-content-fnref-{key}" data-footnote-ref="" aria-describedby="footnote-label" class="internal alias">{n}</a></sup>',
        '<section data-footnotes="" class="footnotes"><h2 class="sr-only" id="footnote-label">Footnotes<a role="anchor" aria-hidden="true" tabindex="-1" data-no-popover="true" href="#footnote-label" class="internal"><svg width="18" height="18" viewBox="0 0 24 24"><path d="M10 13a5"></path></svg></a></h2><ol>{notes}</ol></section>',
        '<li id="user-content-fn-{key}">{text} <a href="#user-content-fnref-{key}" data-footnote-backref="" aria-label="Back to reference {n}" class="data-footnote-backref internal alias">↩</a></li>',
        '<!DOCTYPE html><html lang="en"><head><title>My wiki</title><script>const contentIndex = "doi:10.1000/script1"</script></head>'
        '<body data-slug="page"><div id="quartz-root" class="page"><div id="quartz-body"><div class="left sidebar"><h2 class="page-title"><a href="..">My wiki</a></h2>'
        '<div class="search"><button class="search-button"><p>Search</p></button></div><div class="explorer"><ul><li><a href="../other">Other page, doi:10.1000/side1</a></li></ul></div></div>'
        '<div class="center"><div class="page-header"><div class="popover-hint"><p class="content-meta">Nov 21, 2025, 3 min read</p><ul class="tags"><li><a href="../tags/gap/stub" class="internal tag-link">gap/stub</a></li></ul></div></div>'
        '<article class="popover-hint">{body}{notes}</article></div>'
        '<div class="right sidebar"><div class="toc"><ul><li><a href="#first">First part</a></li></ul></div><div class="backlinks"><h3>Backlinks</h3><ul><li><a href="x">Linked page</a></li></ul></div></div>'
        '<footer><p>Created with Quartz © 2025</p></footer></div></div><div class="popover"><div class="popover-inner"><p>Text of another page, doi:10.1000/pop1.</p></div></div></body></html>',
    ),
    "pandoc, older": Form(
        '<a href="#fn{n}" class="footnote-ref" id="fnref{n}" role="doc-noteref"><sup>{n}</sup></a>',
        '<section class="footnotes" role="doc-endnotes"><hr /><ol>{notes}</ol></section>',
        '<li id="fn{n}" role="doc-endnote">{text}<a href="#fnref{n}" class="footnote-back" role="doc-backlink">↩︎</a></li>',
    ),
    "pandoc 3": Form(
        '<a href="#fn{n}" class="footnote-ref" id="fnref{n}" role="doc-noteref"><sup>{n}</sup></a>',
        '<aside id="footnotes" class="footnotes footnotes-end-of-document" role="doc-endnotes"><hr /><ol>{notes}</ol></aside>',
        '<li id="fn{n}">{text}<a href="#fnref{n}" class="footnote-back" role="doc-backlink">↩︎</a></li>',
    ),
    "markdown-it": Form(
        '<sup class="footnote-ref"><a href="#fn{n}" id="fnref{n}">[{n}]</a></sup>',
        '<hr class="footnotes-sep"><section class="footnotes"><ol class="footnotes-list">{notes}</ol></section>',
        '<li id="fn{n}" class="footnote-item">{text} <a href="#fnref{n}" class="footnote-backref">↩︎</a> <a href="#fnref{n}:1" class="footnote-backref">↩︎</a></li>',
    ),
    "kramdown": Form(
        '<sup id="fnref:{key}" role="doc-noteref"><a href="#fn:{key}" class="footnote" rel="footnote">{n}</a></sup>',
        '<div class="footnotes" role="doc-endnotes"><ol>{notes}</ol></div>',
        '<li id="fn:{key}" role="doc-endnote">{text}&nbsp;<a href="#fnref:{key}" class="reversefootnote" role="doc-backlink">&#8617;</a></li>',
    ),
    "Python-Markdown": Form(
        '<sup id="fnref:{key}"><a class="footnote-ref" href="#fn:{key}">{n}</a></sup>',
        '<div class="footnote"><hr /><ol>{notes}</ol></div>',
        '<li id="fn:{key}">{text}&#160;<a class="footnote-backref" href="#fnref:{key}" title="Jump back to footnote {n} in the text">&#8617;</a><a class="footnote-backref" href="#fnref2:{key}" title="Jump back to footnote {n} in the text">&#8617;</a></li>',
    ),
    "goldmark": Form(
        '<sup id="fnref:{n}"><a href="#fn:{n}" class="footnote-ref" role="doc-noteref">{n}</a></sup>',
        '<div class="footnotes" role="doc-endnotes"><hr><ol>{notes}</ol></div>',
        '<li id="fn:{n}">{text}&#160;<a href="#fnref:{n}" class="footnote-backref" role="doc-backlink">&#x21a9;&#xfe0e;</a></li>',
    ),
    "MediaWiki": Form(
        '<sup id="cite_ref-{key}_{n}-0" class="reference"><a href="#cite_note-{key}-{n}"><span class="cite-bracket">&#91;</span>{n}<span class="cite-bracket">&#93;</span></a></sup>',
        '<h2 id="References">References</h2><div class="mw-references-wrap"><ol class="references">{notes}</ol></div>',
        '<li id="cite_note-{key}-{n}"><span class="mw-cite-backlink">^ <a href="#cite_ref-{key}_{n}-0"><sup><i><b>a</b></i></sup></a> <a href="#cite_ref-{key}_{n}-1"><sup><i><b>b</b></i></sup></a></span> <span class="reference-text">{text}</span></li>',
    ),
}

_LI = re.compile(r'<li\s+id="fn(\d+)"[^>]*>(.*?)</li>\s*(?=<li\s+id="fn|</ol>)', re.DOTALL)
_REF = re.compile(r'<a href="#fn(\d+)" class="footnote-ref"[^>]*><sup>\d+</sup></a>')
_SECTION = re.compile(r"<(section|aside)\b[^>]*\bfootnotes\b.*?</\1>", re.DOTALL)
_BACK = re.compile(r'<a href="#fnref\d+"[^>]*>[^<]*</a>')


def html_of(text: str, form: Form) -> str:
    """A page as pandoc renders it, its notes rewritten in the form of another generator, which numbers each key once."""
    rendered = pandoc(text, "html", "--wrap=none")
    section = _SECTION.search(rendered)
    notes = {number: _BACK.sub("", inside) for number, inside in _LI.findall(section.group())}
    by_text: dict[str, int] = {}
    for inside in notes.values():
        by_text.setdefault(inside, len(by_text) + 1)

    def mark(found: re.Match[str]) -> str:
        number = by_text[notes[found.group(1)]]
        return form.mark.format(key=f"lee{number}", n=number)

    items = "\n".join(form.note.format(key=f"lee{n}", n=n, text=inside) for inside, n in by_text.items())
    body = _REF.sub(mark, rendered[: section.start()])
    return form.page.format(body=body, notes=form.notes.format(notes=items))


def plain_bare(text: str) -> str:
    """A page as a browser prints it: bare numbers behind a stop or a space, notes in a list below their heading."""
    printed = pandoc(text, "plain", "--wrap=none")
    body, *notes = re.split(r"\n\n(?=\[\d+\] )", printed.rstrip())
    numbers: dict[str, int] = {}
    order = [numbers.setdefault(note.split("] ", 1)[1], len(numbers) + 1) for note in notes]
    seen = iter(order)

    def bare(found: re.Match[str]) -> str:
        marks = ",".join(str(next(seen)) for _ in re.findall(r"\d+", found.group(1)))
        return (" " if found.string[found.start() - 1].isalpha() else "") + marks

    body = re.sub(r"((?:\[\d+\])+)", bare, body)
    return body + "\n\nFootnotes\n\n" + "\n\n".join(f"  {n}. {note}" for note, n in numbers.items()) + "\n"


# --- tests ----------------------------------------------------------------------------------------


@needs_pandoc
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", PAGES)
def test_html_of_a_generator_gives_what_the_markdown_gives(name: str, form: str) -> None:
    markdown, html = read(PAGES[name]), read(html_of(PAGES[name], FORMS[form]), "page.html")
    assert cited_works(html) == cited_works(markdown)
    assert said(html) == said(markdown)
    assert html.title == markdown.title


@needs_pandoc
@pytest.mark.parametrize("name", PAGES)
def test_html_of_pandoc_gives_what_the_markdown_gives(name: str) -> None:
    markdown, html = read(PAGES[name]), read(pandoc(PAGES[name], "html"), "page.html")
    assert cited_works(html) == cited_works(markdown)
    assert said(html) == said(markdown)


NOTES = """# Notes

Bone is lost.[^a] It comes back.[^b] We took 10^5 cells.[^c] The rest ~~is silent~~ speaks.[^d] Nobody asked.[^e]

[^a]: [Smith 2020](studies/smith-2020.md) · rct · n=40
[^b]: See [Lee 2019](../studies/lee-2019.md).
[^c]: doi:10.1000/c1 · Kim S, Lee J · *Journal of Bone and Mineral Research* 2019 · 10^5 cells · p = 2×10^-8
[^d]: [Nope 2021](studies/nope-2021.md)
[^e]: Lee J. **A study of "things"**. ~~doi:10.1000/e0~~ · doi:10.1000/e1
"""
STUDIES = StudyIndex([
    read_study("studies/smith-2020.md", {"doi": "10.1000/smith2020"}),
    read_study("studies/lee-2019.md", {"doi": "10.1000/lee2019"}),
])  # fmt: skip


def facts(page: ExtractedPage) -> list[dict[str, object]]:
    """What the notes of a page state, in the order of their use, their study pages followed."""
    linked = link_studies(page, STUDIES)
    stated = {note.key: note_to_dict(note) for note in linked.notes}
    own = ("key", "line", "start", "end", "text", "identifiers", "study_page")
    used = [stated[one.note] for claim in linked.claims for one in claim.citations]
    works = [[(one["value"], one["role"]) for one in note["identifiers"]] for note in used]
    problems = [[one.code for one in linked.problems]]
    return [{name: said for name, said in note.items() if name not in own} for note in used] + works + problems


def as_published(html: str, address: str) -> str:
    """A page with its links to pages as a site writes them."""
    return re.sub(r'href="(?:\.\./)?([\w/-]+)\.md"', lambda found: f'href="{address.format(found.group(1))}"', html)


@needs_pandoc
@pytest.mark.parametrize("address", ["{}.md", "{}", "/{}/", "../../{}.html", "/vault/{}/index.html"])
@pytest.mark.parametrize("form", FORMS)
def test_notes_of_a_generator_state_what_the_markdown_states(form: str, address: str) -> None:
    html = as_published(html_of(NOTES, FORMS[form]), address)
    markdown, page = read(NOTES, "wiki/page.md"), read(html, "wiki/page.html")
    assert facts(page) == facts(markdown)
    assert [one.words for one in said(page)] == [one.words for one in said(markdown)]


@needs_pandoc
@pytest.mark.parametrize("options", [[], ["-s"], ["-s", "--metadata", "author=Ann Lee", "--metadata", "title=Notes"]])
def test_notes_of_pandoc_state_what_the_markdown_states(options: list[str]) -> None:
    markdown, page = read(NOTES, "wiki/page.md"), read(pandoc(NOTES, "html5", *options), "wiki/page.html")
    assert facts(page) == facts(markdown)
    assert [one.words for one in said(page)] == [one.words for one in said(markdown)]
    assert page.title == markdown.title


def without_links(text: str) -> str:
    """Plain text prints the words of a link and not where it leads."""
    return re.sub(r"\[([^\]^]*)\]\(https?://[^)\s]*\)", r"\1", text)


def nearest(claims: list[Said]) -> list[Said]:
    """Plain text tells the nearest heading only."""
    return [one._replace(section=one.section[-1:]) for one in claims]


@needs_pandoc
@pytest.mark.parametrize("wrap", ["--wrap=none", "--columns=72"])
@pytest.mark.parametrize("name", PLAIN_PAGES)
def test_plain_text_of_pandoc_gives_what_the_markdown_gives(name: str, wrap: str) -> None:
    markdown, plain = read(without_links(PAGES[name])), read(pandoc(PAGES[name], "plain", wrap), "page.txt")
    assert cited_works(plain) == cited_works(markdown)
    assert nearest(said(plain)) == nearest(said(markdown))
    assert plain.title == markdown.title


@needs_pandoc
@pytest.mark.parametrize("name", BARE_PAGES)
def test_plain_text_with_bare_numbers_gives_what_the_markdown_gives(name: str) -> None:
    markdown, plain = read(without_links(PAGES[name])), read(plain_bare(PAGES[name]), "page.txt")
    assert cited_works(plain) == cited_works(markdown)
    assert nearest(said(plain)) == nearest(said(markdown))
