"""Notes whose own words say that the work speaks against what cites it: "Lee 2012, doi:..., failed to replicate this".

The words follow the work directly (its identifier, its name with the year, its title set apart), or lead it
("Contradicts this: Lee 2012, doi:..."). Where the note names another paper or study beside, or says that anything is
supported, it says nothing: a work that supports must never be said to oppose. What a title says is about a question
of its own: links, quotations and words with emphasis are left out, and titles without any of these stand before the
identifier. That a work "found no effect" says nothing either: so may the statement.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from evidence.extract.notes.parts import find_struck
from evidence.records import Identifier, Note
from evidence.vocabulary import Role, Scheme

# Each of the words holds one of these, which costs less to look for.
_HINTS = re.compile(
    r"eplic|eprod|onfirm|ontra|efut|isput|isprov|ebut|halleng|isagree|gainst|ounter|pposite|no such|upport|doubt|"
    r"question"
)
# What stands for an identifier of the work, for its preprint, for another identifier or address, and for what is
# linked, quoted or emphasised.
_WORK, _PREPRINT, _OTHER, _TITLE = "◆", "◈", "◉", "◇"
_SIGNS = str.maketrans(dict.fromkeys((_WORK, _PREPRINT, _OTHER, _TITLE), " "))
_LINKED = (
    r"!?\[\[[^\[\]\n]{0,300}\]\]|"
    r"!?\[(?!\^)(?P<words>[^\[\]\n]{0,300})\](?:\((?:[^()\n]|\([^()\n]{0,200}\)){0,500}\)|\[[^\[\]\n]{0,200}\])|"
    r"<a\b[^<>]{0,1000}>(?P<text>.{0,1000}?)</a>"
)
_SET_APART = re.compile(
    r"\"[^\"\n]{1,400}\"|“[^”\n]{1,400}”|«[^»\n]{1,400}»|„[^“”\n]{1,400}[“”]|"
    r"‘[^’\n]{1,400}’(?!\w)|(?<!\w)'[^'\n]{1,400}'(?!\w)|"
    r"\*{1,3}[^*\n]{1,400}\*{1,3}|(?<!\w)_{1,3}[^_\n]{1,400}_{1,3}(?!\w)|`[^`\n]{1,400}`|"
    r"<(?P<name>i|em|b|strong|cite|q|code|u)\b[^<>]{0,200}>.{0,400}?</(?P=name)>",
    re.DOTALL,
)
_MARKUP = re.compile(r"<[^<>]{0,200}>|[\"“”«»„‘’'*_`]")
_IDENTIFIER = re.compile(
    r"<?(?:(?<![^\W_])(?:doi|pmid|pmcid)[:\s]{0,3})?"
    r"(?:https?://\S*[^\s.,;:)>]|10\.\d{4,9}/\S*[^\s.,;:)>]|(?<![^\W_])PMC\d+)>?|"
    r"(?<![^\W_])pmid[:\s]{0,3}\d{1,9}",
    re.IGNORECASE,
)
_TO_SIGN = re.compile(rf"(?P<link>{_LINKED})|{_IDENTIFIER.pattern}", re.DOTALL | re.IGNORECASE)

_NOUN = r"(?:findings?|results?|claims?|statements?|effects?|associations?|observations?|conclusions?|reports?)"
_POINTED_AT = (
    rf"(?:(?:this|that|these|those)(?: {_NOUN})?|it|the (?:same |original )?{_NOUN}|(?:claim|statement|finding)s?)\b"
)
_REPEAT = r"(?:replicate|reproduce|confirm)"
_VERB = r"(?:contradict|refute|dispute|disprove|rebut|challenge)(?:s|ed|d)?"
_POINTING = (
    rf"(?:(?:(?:fail(?:s|ed)|(?:was|were) unable|unable) to {_REPEAT}|"
    rf"(?:did|does|could|can)(?: not|n['’]t) (?:{_REPEAT}|support|find)|"
    rf"{_VERB}|disagree[sd]? with|(?:speaks|argues|is evidence|evidence) against|casts? doubt on|"
    rf"(?:a )?failed (?:replication|reproduction) of) {_POINTED_AT}|"
    rf"found no such {_NOUN}|(?:call(?:s|ed)|calling) {_POINTED_AT} into (?:question|doubt))"
)
# Without the statement, "failed to replicate" may be said of the work itself.
_BARE = (
    rf"(?:(?:could not|(?:was|were) unable to) {_REPEAT}|found the opposite|counter-?evidence|evidence against|"
    r"disagrees)"
)
# A repetition elsewhere is meant by these; "in women" narrows what is said.
_WHERE = (
    r"(?: in (?:an?|the|two|three) (?:(?:much |far )?(?:larger|bigger|second|third|independent|later|new|different|"
    r"separate|pre-?registered|randomi[sz]ed) ){1,2}"
    r"(?:cohorts?|trials?|samples?|stud(?:y|ies)|replications?|experiments?|labs?))?"
)
_SAYS = re.compile(rf"(?<![\w-])(?:{_POINTING}|{_BARE}){_WHERE}(?![\w-])", re.IGNORECASE)
_SIGN = r"[\s.,;:·•|()\[\]—–-]"
_LEAD = (
    r"(?:(?i:but|and|yet|however|which|who|it|they|this (?:trial|study|paper|work)|(?:the )?authors|later|also|"
    r"clearly|directly|explicitly|independently|repeatedly|consistently|subsequently|"
    r"(?:main )?(?:findings?|results?|outcomes?|conclusions?|notes?):),? ){0,3}"
)
# What may stand between an identifier and the words on its work: what else is told of it in numbers, its preprint.
_BEHIND = re.compile(
    rf"(?: ?\([^\W\d_][^()]{{1,60}} (?:19|20)\d\d[a-z]?\))?"
    rf"(?:{_SIGN}|{_PREPRINT}|(?i:\b(?:preprint|medrxiv|biorxiv|pubmed|pmc|pdf|rct)\b)|"
    rf"\b[np] ?[=<>] ?[\d.,]*\d)*{_LEAD}"
)
_REACH = 200
_ENDS = re.compile(r"\s*(?:$|[.,;)\]·•|—]|[–-]{1,2}(?=\s)|\((?=[np] ?[=<>]))")
_NARROWS = re.compile(
    rf"{_SIGN}*(?:in|among|for|only|but|except|though|although|when|until|unless|if|at|with|before|initially)\b",
    re.IGNORECASE,
)

_SURNAME = r"(?:(?:van|von|de|der|den|la|le|di|da|ter|del) ){0,2}[^\W\d_a-z][\w'’-]*"
_NAMES = rf"{_SURNAME}(?: [A-Z]{{1,3}}\b\.?)?(?:,? et al\.?| (?:and|&) {_SURNAME}(?: [A-Z]{{1,3}}\b\.?)?)?"
_YEAR = r"(?:19|20)\d\d"
_DATED = rf"{_NAMES},? \(?{_YEAR}[a-z]?\b\)?"
# "J Bone 2012;3:4" is a journal.
_PAPER = re.compile(rf"(?<![\w'’-]){_DATED}(?!\s?[;:,]\s?\d)")
_ANY_YEAR = re.compile(_YEAR)
_NAMED_FIRST = re.compile(rf"(?:{_DATED}|{_TITLE})(?:,? {_TITLE})?,? {_LEAD}")
_TO_WORK = re.compile(rf"{_SIGN}*(?:see )?{_WORK}")

_BY = r"(?:contradict(?:ed|ion)|refuted|disputed|disproved|challenged|not (?:replicated|reproduced|confirmed)) by"
_LABEL = re.compile(
    rf"(?:(?i:contra|{_BY}):? (?:{_DATED}|{_TITLE})?[\s,(:]*{_WORK}|"
    rf"(?i:contra|{_BY}|contradict(?:s|ing|ory)(?: evidence)?|{_POINTING}|fail(?:s|ed) to {_REPEAT}|"
    rf"evidence against|counter-?evidence):\s"
    rf"(?:(?:{_DATED}|{_TITLE}|{_SURNAME} [A-Z]{{1,3}}\b)(?:[^;{_WORK}]|;(?=\s?\d)){{0,400}})?{_WORK})"
)
# What a label begins with, but for the words that say the same anywhere.
_OPENS = re.compile(rf"contra|{_BY}|fails? to|failed to|evidence against|counter", re.IGNORECASE)

# Others whose words these may be.
_OTHERS = re.compile(
    r"\bet al\b|\b(?:trials?|stud(?:y|ies)|works?|papers?|reviews?|critiques?|critics?|comment(?:s|ary)?|editorials?|"
    r"letters?|repl(?:y|ies)|rebuttals?|replications?|re-?anal[a-z]{4,6}|meta-anal[a-z]{4,6}|experiments?)\b",
    re.IGNORECASE,
)
# Words on a work, or by those who answer it: "critique of Lee 2012, doi:...".
_ON_A_WORK = re.compile(
    r"\b(?:critiques?|critics?|criticisms?|repl(?:y|ies)|responses?|rebuttals?|comment(?:s|ary)?|editorials?|reviews?|"
    r"re-?anal[a-z]{4,6}|objections?|opponents?|letters?|answers?) (?:of|to|on|by|against|from|about)\b",
    re.IGNORECASE,
)
_OF_A_WORK = re.compile(rf"(?<![\w'’-])(?!(?:and|van|von|de|der|den|la|le|di|da|ter|del)\b)[^\W\d_A-Z]+ {_DATED}")
_OF_AN_IDENTIFIER = re.compile(r"(?<![\w'’-])(?!(?:at|doi|pmid|pmcid|link|url)\b)[^\W\d_A-Z]{2,40} ?$")
_AGREES = re.compile(
    r"(?P<denied>\b(?:not|n['’]t|no|fail(?:s|ed|ure)? to|unable to) |n['’]t )?"
    r"\b(?:support|confirm|corroborat|replicat|reproduc|agree|in line with|consistent with)",
    re.IGNORECASE,
)


def speaks_against(note: Note, written: str) -> bool:
    """Tell whether the words of a note say that its one work speaks against what cites it.

    Args:
        note: with its identifiers and their roles.
        written: its text as it stands in the page.

    >>> text = "Lee 2012, https://doi.org/10.1000/b, failed to replicate this."
    >>> from evidence.identifiers import find_identifiers
    >>> speaks_against(Note("b", 0, 1, 0, len(text), text, tuple(find_identifiers(text))), text)
    True
    """
    if not _HINTS.search(written):
        return False
    cited = {one.scheme: one.value for one in note.identifiers if one.role is Role.CITED}
    if not cited or any(one.role is Role.CITED and cited[one.scheme] != one.value for one in note.identifiers):
        # Of several works nobody can tell of which the words are.
        return False
    # Most notes that confirm something say nothing against it: signs are of no use in them.
    bare = _without_struck(written)
    plain = " ".join(bare.split())
    if not (_SAYS.search(plain) or _OPENS.match(plain)):
        return False
    text = _with_signs(note, bare, cited)
    if (label := _LABEL.match(text)) is not None:
        end = label.end()
        alone = len(_PAPER.findall(label.group())) <= 1 and not _NARROWS.match(text, end)
        return alone and _is_alone(text, end, "", text[end:])
    told = (_opposes(text, said) for said in _SAYS.finditer(text))
    return next((one for one in told if one is not None), False)


def _opposes(text: str, said: re.Match[str]) -> bool | None:
    """Tell whether words are said of the work for sure, or None where they are said of nothing that is named."""
    if _NARROWS.match(text, said.end()):
        return None
    # What the note goes on with, without what denies too, is cut only where it is needed: time grows with the note.
    if (closed := _behind_name(text, said)) is not None:
        return _is_alone(text, closed, text[: said.start()], _further(text, said))
    if (end := _behind_identifier(text, said)) is None:
        return None
    before, further = text[: end - len(_WORK)], _further(text, said)
    if _WORK in further or _OF_AN_IDENTIFIER.search(before[-50:]) or not _close(before):
        return False
    return _is_alone(text, end, before, further)


def _further(text: str, said: re.Match[str]) -> str:
    """Return what a note goes on with, without what denies too."""
    return _SAYS.sub("", text[said.end() :])


def _behind_name(text: str, said: re.Match[str]) -> int | None:
    """Return where the identifier ends that closes words behind the name that a note begins with, or None."""
    named = _NAMED_FIRST.match(text)
    # Titles begin with a capital.
    if named is None or named.end() != said.start() or not said.group()[0].islower():
        return None
    work = _TO_WORK.match(text, said.end())
    return work.end() if work is not None and not _NARROWS.match(text, work.end()) else None


def _behind_identifier(text: str, said: re.Match[str]) -> int | None:
    """Return where the identifier ends that words follow directly, or None."""
    start = text.rfind(_WORK, max(0, said.start() - _REACH), said.start())
    if start < 0 or not _ENDS.match(text, said.end()):
        return None
    return start + 1 if _BEHIND.fullmatch(text, start + 1, said.start()) else None


def _close(before: str) -> bool:
    """Tell whether the identifiers before the last stand side by side: with words between they may be of two works."""
    start = before.find(_WORK)
    return start < 0 or _BEHIND.fullmatch(before[start:].replace(_WORK, " ")) is not None


def _is_alone(text: str, end: int, before: str, behind: str) -> bool:
    """Tell whether a note names no other paper beside its work, and says of nothing that it is supported."""
    papers = list(_PAPER.finditer(text))
    later = [found.start() for found in papers if found.start() >= end]
    if len(later) == len(papers) and text.startswith(" (", end):
        # Nothing but the name of the work itself stands so: PMID 26 (Lee 2012).
        later = [start for start in later if start != end + 2]
    if (
        later
        or len({year for found in papers for year in _ANY_YEAR.findall(found.group())}) > 1
        or _OTHERS.search(behind)
    ):
        return False
    if _ON_A_WORK.search(before) or _OF_A_WORK.search(before):
        return False
    return all(found["denied"] for found in _AGREES.finditer(f"{before} {behind}"))


def _without_struck(text: str) -> str:
    """Return a text as long as it was, without what is struck out."""
    kept, at = [], 0
    for start, end in find_struck(text, 0, len(text)):
        kept += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*kept, text[at:]])


def _with_signs(note: Note, text: str, cited: dict[Scheme, str]) -> str:
    """Return a note on one line, with a sign for each identifier and for what is linked, quoted or emphasised.

    Args:
        note: with its identifiers.
        text: its own, as long as it stands in the page.
        cited: the identifiers of its work.
    """
    text = text.translate(_SIGNS)
    identifiers = sorted(note.identifiers, key=lambda one: one.start)
    starts = [one.start - note.start for one in identifiers]

    def sign(start: int, end: int) -> str:
        return _sign(identifiers[bisect_left(starts, start) : bisect_left(starts, end)], cited)

    pieces, at = [], 0
    for found in _TO_SIGN.finditer(text):
        words = found["words"] or found["text"] or ""
        linked = found["link"] is not None and not _IDENTIFIER.search(found.group())
        pieces += [text[at : found.start()], _title(words) if linked else sign(*found.span())]
        at = found.end()
    return " ".join(_SET_APART.sub(lambda found: _title(found.group()), "".join([*pieces, text[at:]])).split())


def _sign(identifiers: list[Identifier], cited: dict[Scheme, str]) -> str:
    if any(cited.get(one.scheme) == one.value for one in identifiers):
        return _WORK
    return _PREPRINT if identifiers and all(one.role is Role.PREPRINT for one in identifiers) else _OTHER


def _title(words: str) -> str:
    """Return the sign of a title, or the words where they name a paper: "*Lee 2012*"."""
    bare = _MARKUP.sub("", words).strip(" .,;:()")
    return bare if _PAPER.fullmatch(bare) else _TITLE
