"""The authors that begin a text, in the styles that references are written in."""

from __future__ import annotations

import re

# Latin with its extensions, Greek, Cyrillic. Ranges are faster than classes, and one class than a choice of two.
_LETTERS = "A-Za-zÀ-ÖØ-öø-\u024f\u0370-\u052f\u1e00-\u1eff"
_CAPITALS = "A-ZÀ-ÖØ-Þ\u0100-\u024f\u0370-\u052f\u1e00-\u1eff"
_CAPITAL = f"[{_CAPITALS}]"
_NAME = rf"{_CAPITAL}[{_LETTERS}'’‐-]*"
_PARTICLE = (
    r"(?:(?=[a-z'’])(?:(?:van|von|vom|zu|zum|zur|de|der|den|del|della|dello|di|da|dal|dos|das|do|du|des|la|le|les|lo|"
    r"ter|ten|te|"
    r"el|al|bin|ibn|ben|af|av|dem|d|l|t)[ '’]|d[ae]ll['’]|['’]t ))"
)
_INITIALS = rf"{_CAPITAL}[{_CAPITALS}.-]{{0,5}}(?![{_LETTERS}])"
_SUFFIX = r"(?:,? (?:Jr|Sr|I{2,3}|2nd|3rd|4th)\b\.?)?"
_FAMILY = rf"{_PARTICLE}*{_NAME}(?: {_PARTICLE}*{_NAME}){{0,3}}"
# "de Boer J", "Al Akhdar J", "Wilkie AOM", "O'Neil S-J Jr", "d'Adda di Fagagna F"
_ONE = rf"(?:{_FAMILY} {_INITIALS}{_SUFFIX})"
_JOINT = r"(?:\s*[,;&]\s*(?:and |& |und |…\s*|\.\.\.\s*)?| and | und | et )"
_LIST_ENDS = r"(?=\s*(?:,?\s*(?:et al|&|;|:|,|\.|\(|\[|…|$)))"
# "Lee J, Kim S 2011": not "Lee J, EMBO J 2011".
_DATED = r"(?<! J)(?<! UK)(?<! US)(?<! EU)(?<! NZ)(?<! ONE)(?<! USA)(?= (?:19|20)\d\d(?![\d/-]))"
_LIST = re.compile(rf"{_ONE}(?:(?:{_JOINT}{_ONE})+(?:{_LIST_ENDS}|{_DATED})|{_LIST_ENDS})")
_EACH = re.compile(_ONE)
# What may stand in a list besides the commas between its names.
_OTHER_JOINTS = (".", ";", "&", "…", ", Jr", ", Sr", ", I", ", 2", ", 3", " and ", " und ", " et ")
# APA and Nature: "Smith, J. A., & Doe, B.-C."
_INVERTED_ONE = rf"{_PARTICLE}*{_NAME}(?: {_NAME}){{0,2}}, {_CAPITAL}\.(?:[ -]?{_CAPITAL}\.){{0,3}}{_SUFFIX}"
_INVERTED = re.compile(rf"{_INVERTED_ONE}(?:(?:,? (?:&|and|und) |[,;] (?:…\s*|\. \. \. )?){_INVERTED_ONE})*")
_EACH_INVERTED = re.compile(
    rf"(?<![{_LETTERS}])({_PARTICLE}*{_NAME}(?: {_NAME}){{0,2}}), ({_CAPITAL}\.(?:[ -]?{_CAPITAL}\.){{0,3}})"
)
# Science and Vancouver's cousins: "J. A. Smith, B.-C. Doe"
_FIRST_ONE = rf"{_CAPITAL}\.(?:[ -]?{_CAPITAL}\.){{0,3}} {_FAMILY}"
# One alone needs a comma behind it: "J. Bone Miner. Res." is a journal.
_INITIALS_FIRST = re.compile(
    rf"{_FIRST_ONE}(?:(?:(?:,? (?:&|and|und) |, ){_FIRST_ONE})+(?=\s*(?:,|;|:|\.|\(|et al|$))|(?=\s*(?:, |et al|\()))"
)
_EACH_INITIALS_FIRST = re.compile(rf"({_CAPITAL}\.(?:[ -]?{_CAPITAL}\.){{0,3}}) ({_FAMILY})")
# As the MLA has it, "Smith, John, et al."
_FULL_INVERTED = re.compile(rf"({_PARTICLE}*{_NAME}), ({_NAME}(?: {_CAPITAL}\.)?)(?=, et al\b|,? and {_NAME})")
_DOTTED = rf"{_CAPITAL}\.(?:[ -]?{_CAPITAL}\.){{0,2}}"
_GIVEN = rf"(?:{_NAME}|{_DOTTED})(?: (?:{_NAME}|{_DOTTED})){{0,2}}"
_FULL_NAME = rf"{_PARTICLE}*{_NAME}(?: {_NAME})?, {_GIVEN}"
# As sites export them: "Smith, John & Doe, Anna B. (2014)."
_FULL_LIST = re.compile(rf"{_FULL_NAME}(?:,? (?:&|and) {_FULL_NAME}){{0,40}}(?=\.{{0,2}} \((?:19|20)\d\d[a-z]?\))")
_AND = re.compile(r",? (?:&|and) ")
# "John Smith, Anna B. van Doe. Title"
# Two or three capitals are initials: "Smith JA. Title".
_WHOLE_FAMILY = rf"{_PARTICLE}*(?=[{_LETTERS}'’‐-]*[a-zß-ÿ]|[A-Z]{{4}}){_NAME}(?![{_LETTERS}])"
_GIVEN_FIRST = rf"(?:{_NAME}|{_DOTTED}) (?:(?:{_NAME}|{_DOTTED}) ){{0,2}}{_WHOLE_FAMILY}"
_GIVEN_FIRST_LIST = re.compile(
    rf"{_GIVEN_FIRST}(?:(?:,? (?:&|and) |, ){_GIVEN_FIRST}){{0,40}}"
    rf"(?=\. [\"“‘A-ZÀ-ÖØ-Þ0-9]|, et al|,? [(\[]?(?:19|20)\d\d)"
)
_EACH_GIVEN_FIRST = re.compile(rf"(.+?) ({_PARTICLE}*{_NAME})")
_SURNAME = rf"{_PARTICLE}*{_NAME}(?: {_NAME})?"
_ET_AL = re.compile(rf"({_SURNAME}(?: (?:&|and|und) {_SURNAME})?)(?:,? et al\b\.?| (?:&|and) (?:others|colleagues)\b)")
# "Mahley & Rall 2000", "Hertweck, Göbel & Baumeister 2004 Dev Cell", "Danial & Korsmeyer, Cell 2004"
_FEW = re.compile(
    rf"({_PARTICLE}*{_NAME}(?:, {_PARTICLE}*{_NAME}){{0,5}}),? (?:&|and|und) ({_PARTICLE}*{_NAME})"
    rf"(?=,? [(\[]?(?:19|20)\d\d|, {_CAPITAL}[\w .]{{1,40}} [(\[]?(?:19|20)\d\d)"
)
# "Lee MK 2011": not "EMBO J 2011", "Biochem J 2011", "Diabetes UK 2011", "PLoS ONE 2011".
_DATED_ONE = re.compile(
    rf"({_PARTICLE}*(?!PLoS)(?=[^\W\d_]*[a-zß-ÿ]){_NAME} (?!J\b|UK\b|US\b|EU\b|NZ\b|I{{2,3}}\b|I?V\b){_INITIALS}),? "
    rf"[(\[]?(?:19|20)\d\d[a-z]?(?![\d/-])"
)
# "Lee J 2011": "J" ends the names of journals too, those whose words the caller knows.
_DATED_J = re.compile(rf"({_PARTICLE}*(?=[^\W\d_]*[a-zß-ÿ]){_NAME} J),? [(\[]?(?:19|20)\d\d[a-z]?(?![\d/-])")
_YEAR_BEHIND = re.compile(rf"({_PARTICLE}*{_NAME}),? [(\[]?(?:19|20)\d\d[a-z]?(?![\d/-])")
_GROUP = re.compile(
    r"(?:[Tt]he )?[A-Z][\w&/’'-]*(?: (?:[A-Z(][\w&/’')-]*|(?:19|20)\d\d|of|for|and|the|on|in|de|"
    r"des)){0,9}? (?:Consortium|Collaborations?|Collaborators|"
    r"Collaborative Group|Investigators|Initiative|(?:Study|Research|Working|Trial|Trialists['’]?|Writing) Group|"
    r"Task Force|"
    r"Network|Committee|Society|Association|Organi[sz]ation)(?: \([A-Z][\w-]*\))?(?=\s*(?:[.,;:(\[]|$))"
)
_GROUP_ENDS = (
    "onsortium",
    "ollaborati",
    "ollaborators",
    "nvestigators",
    "nitiative",
    "Group",
    "Force",
    "Network",
    "Committee",
    "Society",
    "ssociation",
    "rgani",
)
_OTHERS = re.compile(r"(?:[\s,;]*(?:et al\b\.?|and (?:others|colleagues)\b|u\. ?a\.))?")
_JOINED = re.compile(r"[\s,;]*(?:(?:for|on behalf of) )?")
# "Vitamin D", "Complex I", "Type II": words with a letter behind them that are no names.
_NO_NAMES = frozenset({
    "author", "authors",
    "vitamin", "vitamins", "hepatitis", "complex", "type", "factor", "figure", "fig", "table", "group", "phase",
    "class", "protein", "grade", "stage", "apolipoprotein", "cyclin", "lamin", "caspase", "interferon", "influenza",
    "omega", "coenzyme", "part", "panel", "supplementary", "extended", "section", "appendix", "chapter", "level",
    "criterion", "protocol", "plan", "study", "trial", "cohort", "arm", "note", "schedule", "method", "model",
    "mice", "rats", "human", "humans", "the", "this", "these", "that", "histone", "collagen", "cathepsin", "annexin",
    "calpain", "connexin", "granzyme", "immunoglobulin", "kinase", "mtor", "complexes", "haplogroup", "chromosome",
})  # fmt: skip


# One or two names are not longer, a group not much.
_HEAD = 80
_GROUP_LENGTH = 160


def read_authors(text: str, *, begins_note: bool = False) -> tuple[tuple[str, ...], str]:
    """Return the authors that begin a text, family name first, and the text behind them.

    Args:
        text: a reference, or a part of one.
        begins_note: whether a note begins here: one name with initials before a year is its author then.

    >>> read_authors("Smith, J. A., & van der Berg, M. (2019). Bone loss.")
    (('Smith JA', 'van der Berg M'), ' (2019). Bone loss.')
    >>> read_authors("Kim JM et al. 2008")
    (('Kim JM',), ' 2008')
    """
    names, end = _names_at(text)
    if not names and begins_note and (dated := _DATED_ONE.match(text) or _DATED_J.match(text)):
        names, end = (dated.group(1),), dated.end(1)
    if names and names[0].split(" ", 1)[0].lower() in _NO_NAMES:
        names, end = (), 0
    if (not names or ";" in text) and any(map(text[end : end + _GROUP_LENGTH].__contains__, _GROUP_ENDS)):
        group = _GROUP.match(text, _JOINED.match(text, end).end() if names else 0)  # type: ignore[union-attr]
        if group:
            names, end = (*names, group.group()), group.end()
    if not names:
        return (), text
    if end < len(text) and text[end] in " ,;":
        end = _OTHERS.match(text, end).end()  # type: ignore[union-attr]
    return names, text[end:]


def read_full_names(text: str) -> tuple[tuple[str, ...], str]:
    """Return the authors that begin a text with their given names in full and first, and the text behind them.

    Any words with capitals may look like them: only what follows can tell.

    >>> read_full_names("Nimish Pujara, Yong Sung Park. On waves.")
    (('Pujara Nimish', 'Park Yong Sung'), '. On waves.')
    """
    found = _GIVEN_FIRST_LIST.match(text)
    if found is None:
        return (), text
    names = []
    for name in re.split(r",? (?:&|and) |, ", found.group()):
        parts = _EACH_GIVEN_FIRST.fullmatch(name)
        if parts is None or not _NO_NAMES.isdisjoint(name.lower().split()):
            return (), text
        names.append(f"{parts.group(2)} {parts.group(1)}")
    return tuple(names), text[_OTHERS.match(text, found.end()).end() :]  # type: ignore[union-attr]


def _names_at(text: str) -> tuple[tuple[str, ...], int]:
    """Return the people that begin a text and where they end."""
    if text[1:2] == "." and (found := _INITIALS_FIRST.match(text)):
        each = _EACH_INITIALS_FIRST.findall(found.group())
        return tuple([f"{family} {_bare(initials)}" for initials, family in each]), found.end()
    comma = text.find(", ")
    if comma > 0 and text[comma + 3 : comma + 4] == "." and (found := _INVERTED.match(text)):
        each = _EACH_INVERTED.findall(found.group())
        return tuple([f"{family} {_bare(initials)}" for family, initials in each]), found.end()
    if found := _LIST.match(text):
        names = found.group()
        if "," not in names or any(map(names.__contains__, _OTHER_JOINTS)):
            return tuple([name.rstrip(".") for name in _EACH.findall(names)]), found.end()
        return tuple(names.split(", ")), found.end()
    return _few_names_at(text)


def _few_names_at(text: str) -> tuple[tuple[str, ...], int]:
    """Return the one or few surnames that begin a text, told by what is behind them."""
    head = text[:_HEAD]
    comma = head.find(", ")
    if comma > 0 and (" (20" in text or " (19" in text) and (found := _FULL_LIST.match(text)):
        return tuple([name.replace(", ", " ", 1) for name in _AND.split(found.group())]), found.end()
    if "et al" in head or " and " in head or " & " in head or " und " in head:
        if found := _FULL_INVERTED.match(text):
            return (f"{found.group(1)} {found.group(2)}",), found.end()
        if found := _ET_AL.match(text):
            return tuple(re.split(r" (?:&|and|und) ", found.group(1))), found.end()
        if found := _FEW.match(text):
            return (*found.group(1).split(", "), found.group(2)), found.end()
    if ("19" in head or "20" in head) and (found := _YEAR_BEHIND.match(text)):
        return (found.group(1),), found.end(1)
    return (), 0


def _bare(initials: str) -> str:
    return initials.replace(".", "").replace(" ", "")
