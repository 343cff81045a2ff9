"""Notes whose own words say that the work speaks against what cites it: "Lee 2012, doi:..., failed to replicate this".

What a title says is about a question of its own: links, quotations and words with emphasis are left out, and titles
without any of these stand before the identifier and do not point at the statement. Where that is not sure the note says
nothing. That a work "found no effect" says nothing either: so may the statement.
"""

from __future__ import annotations

import re

from evidence.extract.clauses import names_a_paper
from evidence.extract.notes.parts import without_struck
from evidence.records import Note
from evidence.vocabulary import Role

# Each of the words holds one of these, which costs less to look for.
_HINTS = re.compile(
    r"eplic|eprod|onfirm|ontra|efut|isput|isprov|ebut|halleng|isagree|gainst|ounter|pposite|no such|upport|doubt|"
    r"question"
)
# What stands for an identifier, and for what is linked, quoted or emphasised.
_WORK, _TITLE = "◆", "◇"
_LINKED = re.compile(
    r"!?\[\[[^\[\]\n]{0,300}\]\]|"
    r"!?\[(?!\^)[^\[\]\n]{0,300}\](?:\((?:[^()\n]|\([^()\n]{0,200}\)){0,500}\)|\[[^\[\]\n]{0,200}\])|"
    r"<a\b[^<>]{0,1000}>.{0,1000}?</a>",
    re.DOTALL,
)
_SET_APART = re.compile(
    r"\"[^\"\n]{1,400}\"|“[^”\n]{1,400}”|«[^»\n]{1,400}»|„[^“”\n]{1,400}[“”]|"
    r"‘[^’\n]{1,400}’(?!\w)|(?<!\w)'[^'\n]{1,400}'(?!\w)|"
    r"\*{1,3}[^*\n]{1,400}\*{1,3}|(?<!\w)_{1,3}[^_\n]{1,400}_{1,3}(?!\w)|`[^`\n]{1,400}`|"
    r"<(?P<name>i|em|b|strong|cite|q|code|u)\b[^<>]{0,200}>.{0,400}?</(?P=name)>",
    re.DOTALL,
)
_IDENTIFIER = re.compile(
    r"<?(?:(?<![^\W_])(?:doi|pmid|pmcid)[:\s]{0,3})?"
    r"(?:https?://\S*[^\s.,;:)>]|10\.\d{4,9}/\S*[^\s.,;:)>]|(?<![^\W_])PMC\d+)>?|"
    r"(?<![^\W_])pmid[:\s]{0,3}\d{1,9}",
    re.IGNORECASE,
)
_CUT = re.compile(r"[·;,|()\[\]—]|:(?=\s)|\s(?:[–-]|--)\s|(?<!\bal)\.(?=\s|$)")

_NOUN = r"(?:findings?|results?|claims?|statements?|effects?|associations?|observations?|conclusions?|reports?)"
_POINTED_AT = rf"(?:(?:this|that|these|those)(?: {_NOUN})?|it|the (?:same |original )?{_NOUN})"
_REPEAT = r"(?:replicate|reproduce|confirm)"
_VERB = r"(?:contradict|refute|dispute|disprove|rebut|challenge)(?:s|ed|d)?"
_POINTING = (
    rf"(?:(?:fail(?:s|ed)|(?:was|were) unable|unable) to {_REPEAT}|"
    rf"(?:did|does|could|can)(?: not|n['’]t) (?:{_REPEAT}|support|find)|"
    rf"{_VERB}|disagree[sd]? with|(?:speaks|argues|is evidence|evidence) against|casts? doubt on) {_POINTED_AT}|"
    rf"found no such {_NOUN}|(?:call(?:s|ed)|calling) {_POINTED_AT} into (?:question|doubt)"
)
# Without the statement, "failed to replicate" may be said of the work itself.
_BARE = (
    rf"(?:could not|(?:was|were) unable to) {_REPEAT}|found the opposite|counter-?evidence|evidence against|disagrees"
)
_LEAD = (
    r"(?:(?:but|and|yet|however|which|who|it|they|this (?:trial|study|paper)|(?:the )?authors|later|"
    rf"{_WORK}|{_TITLE}|\w{{1,20}}ly) ){{0,3}}"
)
# A repetition elsewhere is meant by these; "in women" narrows what is said.
_WHERE = (
    r"(?: in (?:an?|the|two|three) (?:(?:much |far )?(?:larger|bigger|second|third|independent|later|new|different|"
    r"separate|pre-?registered|randomi[sz]ed) ){1,2}"
    r"(?:cohorts?|trials?|samples?|stud(?:y|ies)|replications?|experiments?|labs?))?"
)
_SAYS_THIS = re.compile(rf"{_LEAD}(?:{_POINTING}){_WHERE}", re.IGNORECASE)
_SAYS_SO = re.compile(rf"{_LEAD}(?:{_BARE}){_WHERE}", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:contra|contradict(?:ed|ion) by|refuted by|disputed by|not (?:replicated|reproduced|confirmed) by|"
    r"evidence against(?: this)?|counter-?evidence|contradict(?:s|ing|ory)(?: this| evidence)?)\b:?\s+",
    re.IGNORECASE,
)
_NARROWS = re.compile(r"(?:in|among|for|only|but|except|though|although|when|until|unless|at|with)\b", re.IGNORECASE)
_NAMES = re.compile(
    r"[^\W\d_a-z][\w'’-]*(?: (?:et al\.?|[A-Z]{1,3}|(?:and|&) [^\W\d_a-z][\w'’-]*))?(?:,? \(?(?:19|20)\d\d[a-z]?\)?)?"
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
    if not _HINTS.search(written) or not _names_one_work(note):
        return False
    parts = _parts(written)
    if (label := _LABEL.match(parts[0] if parts else "")) is not None and _names(parts[0][label.end() :]):
        return True
    if len(parts) > 1 and _LABEL.fullmatch(f"{parts[0]} ") and _names(parts[1]):
        return True
    behind = max((index for index, part in enumerate(parts) if _WORK in part), default=len(parts))
    for index, part in enumerate(parts):
        following = parts[index + 1] if index + 1 < len(parts) else ""
        if _NARROWS.match(following):
            continue
        said = part
        if index == 0 and (name := _NAMES.match(part)) is not None:
            said = part[name.end() :].lstrip()
        if _SAYS_THIS.fullmatch(said) or (index >= behind and _SAYS_SO.fullmatch(said)):
            return True
    return False


def _names_one_work(note: Note) -> bool:
    """Tell whether all identifiers of a note are of one work: of several nobody can tell of which the words are."""
    values = {one.scheme: one.value for one in note.identifiers}
    return bool(note.identifiers) and all(
        one.role is Role.CITED and values[one.scheme] == one.value for one in note.identifiers
    )


def _names(part: str) -> bool:
    return part.startswith((_WORK, _TITLE)) or names_a_paper(part) or _NAMES.fullmatch(part) is not None


def _parts(written: str) -> list[str]:
    """Return the parts of a note, with a sign for each identifier and for what is linked, quoted or emphasised."""
    text = _LINKED.sub(lambda found: _WORK if _IDENTIFIER.search(found.group()) else _TITLE, without_struck(written))
    text = _SET_APART.sub(_TITLE, _IDENTIFIER.sub(_WORK, text))
    return [" ".join(part.split()) for part in _CUT.split(text) if part.strip()]
