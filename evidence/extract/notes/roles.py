"""What each identifier does in its note: the work itself, a notice of it, its preprint, something related, or denied.

Only words right around an identifier decide: those since the last part or bracket before it, and those just behind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidence.records import Identifier, Primary
from evidence.vocabulary import Role, Scheme

# A part of a note ends here; full stops only before a capital, so that "et al. 10.1/x" stays in one part.
_PART = re.compile(r"\s·\s|·|;|\s—\s|\s\|\s|\n\n|(?<!\bcf)(?<!\bvgl)[.!?](?=\s+[A-Z\"“(*#])")
_LABEL = r"(?:(?:doi|DOI|[Pp][Mm][Ii][Dd]|PMCID)\b)?[:\s]*(?:https?://\S{0,60})?"
# What is wrong must be a reference: "wrong DOI", "fake: 10.1/x"; titles speak of wrong-site surgery and fake news.
_WRONG = (
    r"(?:incorrect|wrong|erroneous|invalid|bogus|fabricated|hallucinated|non-?existent|fake|mis-?labell?ed)(?!-)"
    r"(?: (?:[\w-]+ ){0,3}(?:dois?|pmids?|pmcids?|ids?|identifiers?|citations?|cites?|links?|references?|papers?|articles?|"
    rf"stud(?:y|ies)|works?|sources?|urls?|numbers?|records?|entr(?:y|ies)|one)\b[^·;.)]{{0,60}}|[\s:(\[=\"'`*_]*{_LABEL})"
)
_DENIED_BEFORE = re.compile(
    rf"\b{_WRONG}$|"
    r"\b(?:(?:incorrect|wrong|erroneous)ly|mis-?(?:cited|attributed|assigned|identified)|"
    r"(?:previously|formerly|originally|earlier|initially) (?:cited|listed|given|recorded|stated|linked)(?: as| to)?|"
    r"(?:prior|former|old|previous|original|earlier) (?:doi|pmid|pmcid|identifier|id|citation|link)|"
    r"seeder (?:had |originally |first |previously )*(?:cited|used|listed|gave)|(?:had|was|were) cited as|"
    r"replac(?:es|ed|ing) (?:the )?(?:wrong|incorrect)|(?:doi|pmid) (?:corrected|changed|fixed)[:,]? (?:was|from)|"
    r"do not (?:use|cite)|instead of|rather than|corrected from|changed from|confused? with)\b[^·;]{0,80}$|"
    rf"\b(?:formerly|previously):?\s*{_LABEL}$|"
    r"\b(?:is |are |was )?(?:not|NOT)\s*(?:this|the|to be confused with|in)?\s*(?:right |correct |same |actual )?"
    r"(?:paper|doi|pmid|study|article|identifier|id)?\s*[:(]?\s*(?:doi|pmid|pmcid)?\s*[:]?\s*$",
    re.IGNORECASE,
)
# "not Lee 2011 (10.1/x)", "not Lee's 2011 paper", "not the 2011 paper": a reference that is refused by name.
_REFUSED = re.compile(
    rf"\b(?:[Nn]ot|NOT) (?:(?:[Bb]y )?(?:the )?[A-Z][a-z][\w'’-]*(?: [A-Z]{{1,3}})?(?: et al\.?| (?:and|&) [A-Z][\w'’-]+)?,? "
    rf"\(?(?:19|20)\d\d[a-z]?\)?|the (?:(?:19|20)\d\d|[A-Z]\w+))"
    rf"(?: (?:paper|study|article|trial|one|protocol|review|report|preprint|abstract))?[\s,:(\[]*{_LABEL}$"
)
# Words behind which a new identifier is meant: "was 10.1/a, now 10.1/b".
_CORRECTED = re.compile(
    r"[\s,;)\]]*(?:is )?\b(?:now|but|corrected to|changed to|should be|use)\b[^·;]{0,30}$", re.IGNORECASE
)
_DENIED_BEHIND = re.compile(
    r"[\s)\]`*_,:–—-]*\(?\s*(?:which |that |this |it |doi |pmid |is |was |are |were |actually |in fact |"
    r"(?:supplied|given|listed|stated|cited) (?:in|by|on) (?:the )?(?:[\w-]+ ){1,3})*"
    r"(?:resolv(?:es|ed|ing) (?:in [\w ]{1,20} )?to (?:an? )?(?:unrelated|different|another|other|wrong)|"
    r"points? to (?:an? )?(?:unrelated|different|another|other|wrong)|belongs to (?:an? )?(?:unrelated|different|"
    r"another|other)|"
    r"(?:an? |the )?(?:incorrect|wrong|erroneous|invalid|unrelated|misattributed|fabricated|hallucinated|"
    r"non-?existent)(?!-)|"
    r"(?:does|did) not (?:exist|resolve|match)|not (?:this|the (?:right|correct|same)|a valid|valid|correct|found in)|"
    r"NOT (?:this|the)|(?:an? )?404|for (?:an? )?(?:unrelated|different|another))",
)
# Of the next identifier, which stands behind it: "10.1/a (incorrect DOI: 10.1/b)", "10.1/a, wrong PMID: 2".
_DENIED_NEXT = re.compile(
    r"[\s\]`*_,–—-]*(?P<bracket>\()?(?:an? |the )?(?:incorrect|wrong|erroneous|invalid|unrelated|misattributed|fabricated|"
    r"hallucinated)(?: (?:dois?|pmids?|pmcids?|ids?|identifiers?|citation|reference))?(?::|(?(bracket)|(?!)))$",
    re.IGNORECASE,
)
_NOTICE_WORD = (
    r"(?:retraction(?: notice| note)?|notice of (?:retraction|concern|correction)|errat(?:um|a)|corrigend(?:um|a)|"
    r"addendum|"
    r"correction(?: notice)?|(?:editorial )?expression of concern|withdrawal(?: notice)?)"
)
_NOTICE = re.compile(
    rf"\b(?:{_NOTICE_WORD}|retract(?:ed|s) (?:by|in|via|per)|correct(?:ed|s) (?:by|in|via)|"
    rf"now retracts it)\b[^·;]{{0,60}}$",
    re.IGNORECASE,
)
# As PubMed has it, with the notice's own place before its identifier: "Erratum in: J Cell Biol 2020;12:3, doi:..."
_NOTICE_IN = re.compile(
    r"(?:^|[.;(\[] ?)(?:Retraction|Erratum|Correction|Corrigendum|Expression of concern) in:? (?=[A-Z*])[^·]{0,100}$",
    re.IGNORECASE,
)
# The same without "in": only a semicolon between year and volume makes it a place.
_NOTICE_AT = re.compile(
    r"(?:^|[.;(\[] ?)(?:Retraction|Erratum|Correction|Corrigendum|Expression of concern): "
    r"[A-Z*][^·;]{0,80}(?:19|20)\d\d[^·;]{0,12}; ?\d[^·;]{0,60}$"
)
_MONTH = r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? )?"
# "corrected 2015 (10.1/x)": not of a date that a curator set, "corrected 2026-06-03".
_DATED_NOTICE = re.compile(
    rf"(?<!doi )(?<!pmid )\b(?:corrected|amended|(?P<retracted>retracted))(?: in| on)? {_MONTH}(?:19|20)\d\d"
    rf"\s*[(\[:]\s*{_LABEL}$",
    re.IGNORECASE,
)
_DATED_IN_BRACKET = re.compile(
    rf"[(\[](?:\w+ )?(?:corrected|retracted)(?: in| on)? {_MONTH}(?:19|20)\d\d[,;] ?{_LABEL}$", re.IGNORECASE
)
# What a notice is of: "Retraction of: Lee 2011 (10.1/x)", "Correction to 10.1/x".
_NOTICE_OF = (
    rf"\b{_NOTICE_WORD}(?: (?:has been |was |is )?(?:issued|published|posted|raised))? (?:of|for|to|on|about|regarding)"
)
_OBJECT = re.compile(
    rf"{_NOTICE_OF}(?::?\s*{_LABEL}|: [^·;]{{0,100}}| (?!this\b|the\b)[A-Z][^·;:]{{0,60}}[(\[]\s*{_LABEL})$",
    re.IGNORECASE,
)
_OBJECT_AT = re.compile(rf"{_NOTICE_OF}: [A-Z*][^·;]{{0,80}}; ?\d[^·;]{{0,60}}$", re.IGNORECASE)
_NOTICE_BEHIND = re.compile(
    rf"\s*(?:\((?:the |an? )?{_NOTICE_WORD}\)|(?:is|was) (?:the |its |an? )?{_NOTICE_WORD}\b|"
    r"(?:which |that )?(?:has |have )?(?:now |later |since )?(?:retracts|retracted|corrects|corrected|amends|"
    r"withdraws) "
    r"(?:it|this|the (?:paper|article|study|work))\b)",
    re.IGNORECASE,
)
_PREPRINT = re.compile(
    r"\b(?:pre-?prints?(?: version| of| at| doi| posted)?|bioRxiv|medRxiv|posted as|working paper|research square|"
    r"ssrn)\b[^·;]{0,60}$",
    re.IGNORECASE,
)
_PREPRINT_BEHIND = re.compile(
    r"\s*(?:\((?:the |an? )?(?:(?:bioRxiv|medRxiv) )?pre-?print(?: version)?\)|(?:is|was) (?:the |its |"
    r"a )?pre-?print\b)",
    re.IGNORECASE,
)
# One of several that something was said of: "see also 10.1/a, 10.1/b", "also in JACC (10.1/a) and Eur Heart J (10.1/b)"
_LISTED = re.compile(
    r"[)\]]*(?:(?:,? (?:and|or|&)|,) (?:[A-Z][\w.]* ){0,5}|,? (?:and|&) (?:[A-Z][\w.'’-]* |et al\.? ){1,4}(?:19|20)\d\d,? )[(\[]?(?:(?:doi|DOI|PMID|"
    r"PMCID)[: ]? ?)?(?:https?://(?:dx\.)?doi\.org/)?$"
)
_RELATED = re.compile(
    r"\b(?:see also|see|also|cf\.?|siehe|vgl\.?|re-?analy[sz](?:ed|is|es) (?:by|in|of)|"
    r"same (?:cohort|data|sample|participants|patients|population|trial) (?:as|in)|compare|repl(?:y|ies)(?: to| by)?|response(?: to| by)?|comment(?:ary|s)?(?: on|"
    r" by)?|critiques?(?: of| by)?|critici[sz]ed (?:by|in)|criticism(?: of| by| in)?|rebuttals?(?: of| to| by)?|"
    r"rebutted (?:by|in)|fail(?:s|ed) to (?:replicate|reproduce|confirm)|contradicts|refutes|disputes|(?:challenged|refuted|contradicted|disputed) (?:by|in)|"
    r"letter (?:to|by)|editorial|companion(?: paper)?|related(?: to| work)?|data(?: ?sets?| deposited| available)?|"
    r"code|protocol|"
    r"suppl(?:ement(?:ary)?)?|reviewed (?:in|by)|follow-?up(?: of| to| in)?|extends|builds on|replicat(?:es|ed by|"
    r"ion of|ion in)|"
    r"(?:corrected|revised|updated) (?:version|edition) of|candidates?|possib(?:le|ly)|likely|perhaps|probably|superseded by|supersedes|update of|updated (?:by|in)|"
    r"original(?:ly)?(?: paper| study| report)?|underlying|cit(?:es|ing)|cited (?:in|by)|alternat(?:e|ive)(?:ly)?|"
    r"(?:co-?|jointly |simultaneously |dual(?:ly)? )publi(?:shed|cation)|same (?:paper|article|work|text|guideline|"
    r"statement) (?:in|as|at)|"
    r"reprint(?:ed)?|republished|translation|"
    r"part of|erratum for|main (?:paper|trial)|primary (?:paper|trial)|parent (?:study|trial))\b[^·;]{0,50}$",
    re.IGNORECASE,
)
# A note that is nothing but a pointer to something else than the work that its claim rests on.
_ONLY_RELATED = re.compile(
    r"\W*(?:see also:?|(?:reply|response|comment)(?: (?:to|by|on))?:?|"
    r"(?:data|data ?sets?|data (?:available|deposited)|code)(?: (?:at|in|from))?:)"
    r"\W*(?:(?:doi|pmid|pmcid)\b[\s:]*)?(?:https?://\S+|10\.\d{4,}/\S+|(?:PMC)?\d+)\W*$",
    re.IGNORECASE,
)
_NEGATED_NOTICE = re.compile(
    r"\b(?:no|not|never|without)\s+(?:\w+\s+)?$|\b(?:error|bonferroni|multiple[- ]testing|motion|batch|bias|fdr)[ -]$",
    re.IGNORECASE,
)
# "a correction of age": what a notice word that is followed by these means is no notice.
_NO_NOTICE = re.compile(
    r"(?:retraction|correction|withdrawal) (?:for|of (?!this|the (?:paper|article|study))|applied|factor)",
    re.IGNORECASE,
)
# What also names a state or a treatment is a notice only where no other word belongs to it: not "statin withdrawal".
_AMBIGUOUS = re.compile(r"(?:retraction|correction|withdrawal)(?! (?:notice|note)\b)|addendum", re.IGNORECASE)
_BEFORE_NOTICE = re.compile(
    r"(?:^|[^\w\s]\s*|\d\s+|\b(?:see|also|the|a|an|its|their|this|with|and|or|in|by|per|via|of|as|has|had|was|is|author|"
    r"publisher|editorial|formal|later|subsequent|published|issued|official|minor|major|for|to)(?:['’]s)?\s+)$",
    re.IGNORECASE,
)
# Pieces of the words of all patterns above for what stands before an identifier: most texts hold none of them.
_HINTS = (
    "ontradicts", "efutes", "isputes", "fail", "Fail", "but", "onfuse", "ormerly", "orrect", "rong", "rrone", "mis", "nvalid", "ogus", "Mis", "abric", "alluc", "exist", "fake", "Fake", "cited", "Cited", "isted",
    "given",
    "recorded", "stated", "linked", "eeder", "eplac", "not", "NOT", "Not", "nstead", "rather", "changed",
    "fixed", "confus", "rior",
    "ormer", "old ", "Old ", "revious", "rigin", "arlier", "etract", "otice", "rrat", "orrig", "addend", "Addend", "oncern",
    "ithdraw", "print", "Rxiv", "rxiv", "osted", "orking paper", "esearch ", "ssrn", "SSRN", "see", "See", "iehe", "vgl", "nalys", "nalyz", "also",
    "Also", "cf",
    "Cf", "ompare", "epl", "esponse", "omment", "etter", "ditorial", "ompanion", "elated", "ata", "ode", "rotocol",
    "uppl", "eview",
    "ollow", "riti", "ebut", "efuted", "hallenged", "ontradicted", "isputed", "extends", "builds", "andidate", "ossib", "ikely", "erhaps", "robably", "upersede", "pdate",
    "nderlying", "cites",
    "citing", "lternat", "publi", "same", "Same", "ranslat", "part of", "main", "primary", "parent", "mended", "RETRACT", "ERRAT",
    "CORR", "WRONG",
    "REPLACE", "INCORR", "now",
)  # fmt: skip
# What most often stands before an identifier; none of the patterns finds anything in it.
_PREFIXES = frozenset({
    "", "doi:", "DOI:", "DOI", "doi", "PMID", "PMID:", "pmid:", "pmid", "PMC:", "PMCID:", "PMCID", "https://doi.org/",
    "https://pubmed.ncbi.nlm.nih.gov/", "(", "(doi:", "(PMID", "(PMID:", "[", ",", ";",
})  # fmt: skip
# An enumeration's member is slow to look up.
_CITED = Role.CITED
_WINDOW = 160
_BEHIND = 90


def assign_roles(
    text: str, start: int, end: int, identifiers: Sequence[Identifier], struck: Sequence[tuple[int, int]] = ()
) -> tuple[Identifier, ...]:
    """Return the identifiers of a note with their roles.

    A preprint or related work that is the only thing the note names, and that nothing denies, is what it cites, but for
    a note that says so of all it names: "see also doi:10.1/x".

    Args:
        text: the page.
        start: where the note's text begins.
        end: where it ends.
        identifiers: those of the note, in order.
        struck: the spans that the author has struck out.

    >>> from evidence.identifiers import find_identifiers
    >>> text = "doi:10.1000/a · retraction notice doi:10.1000/b · NOT PMID 12345678"
    >>> [one.role.value for one in assign_roles(text, 0, len(text), find_identifiers(text))]
    ['cited', 'notice', 'denied']
    """
    roles: list[Role] = []
    objects: set[int] = set()
    previous: Identifier | None = None
    begin, last, role = start, len(identifiers) - 1, _CITED
    for index, one in enumerate(identifiers):
        stop = end if index == last else identifiers[index + 1].start
        before = role
        found = _role(text, begin if one.start - begin < _WINDOW else one.start - _WINDOW, one, stop, index, last)
        if found is None:
            objects.add(index)
        role = found or _CITED
        if role is _CITED and before is not _CITED and previous is not None and found is not None:
            role = _inherited(text[begin : min(one.start, begin + _WINDOW)], previous, one, before)
        roles.append(role)
        previous, begin = one, one.end
    if struck:
        for index, one in enumerate(identifiers):
            if any(first <= one.start and one.end <= final for first, final in struck):
                roles[index] = Role.DENIED
    if objects:
        _turn_into_notices(text, identifiers, roles, objects)
    if _CITED not in roles and not _ONLY_RELATED.match(text, start, end):
        _cite_what_is_left(text, identifiers, roles)
    return tuple(
        [one if one.role is role else one._replace(role=role) for one, role in zip(identifiers, roles, strict=True)]
    )


def _turn_into_notices(text: str, identifiers: Sequence[Identifier], roles: list[Role], objects: set[int]) -> None:
    """Make notices of what a note cites beside the work that it calls retracted or corrected."""
    for index in range(1, len(identifiers)):
        if index - 1 in objects and _is_same_work(text, identifiers[index - 1], identifiers[index]):
            objects.add(index)
    values = {identifiers[index].value for index in objects}
    for index, one in enumerate(identifiers):
        if roles[index] is _CITED and one.value not in values:
            roles[index] = Role.NOTICE


def _cite_what_is_left(text: str, identifiers: Sequence[Identifier], roles: list[Role]) -> None:
    """Make the first preprint or related work of a note, with its other names, what the note cites."""
    for role in (Role.PREPRINT, Role.RELATED):
        if role in roles:
            at = roles.index(role)
            roles[at] = _CITED
            while (
                at + 1 < len(roles)
                and roles[at + 1] is role
                and _is_same_work(text, identifiers[at], identifiers[at + 1])
            ):
                at += 1
                roles[at] = _CITED
            return


def choose_primary(identifiers: Sequence[Identifier]) -> Primary | None:
    """Return the one work that a note cites: its first cited identifier, as DOI where the same work has one.

    Identifiers of different schemes that follow each other name one work; a scheme that comes again begins the next.
    """
    first: dict[Scheme, Identifier] = {}
    for one in identifiers:
        if one.role is _CITED:
            if one.scheme in first and first[one.scheme].value != one.value:
                break
            first.setdefault(one.scheme, one)
    for scheme in (Scheme.DOI, Scheme.PMID, Scheme.PMCID):
        if scheme in first:
            return Primary(scheme, first[scheme].value, "note")
    return None


def _role(text: str, begin: int, one: Identifier, stop: int, index: int, last: int) -> Role | None:
    """Return the role that the words around an identifier give it; None for the work that a notice is of.

    Args:
        text: the page.
        begin: where the words before it begin.
        one: the identifier.
        stop: where the words behind it end.
        index: its place among those of the note.
        last: the place of the last one.
    """
    dot = text.rfind("·", begin, one.start)
    before = text[dot + 1 if dot >= 0 else begin : one.start].strip()
    # Nothing is said behind a divider; the usual one is told without a search.
    behind = "" if one.end >= stop or text.startswith(" · ", one.end) else text[one.end : min(stop, one.end + _BEHIND)]
    if behind and (found := _role_behind(behind)) is not None:
        return found
    if before in _PREFIXES or not any(map(before.__contains__, _HINTS)):
        return _CITED
    return _role_before(before, is_first=index == 0, is_alone=last == 0)


def _role_behind(behind: str) -> Role | None:
    if behind[:1] not in " )]`*_,:–—-(":
        return None
    behind = " ".join(behind.split())
    if _DENIED_BEHIND.match(behind) and not _DENIED_NEXT.match(behind):
        return Role.DENIED
    if _NOTICE_BEHIND.match(behind):
        return Role.NOTICE
    return Role.PREPRINT if _PREPRINT_BEHIND.match(behind) else None


def _role_before(before: str, *, is_first: bool, is_alone: bool) -> Role | None:
    part = 0
    for found in _PART.finditer(before):
        part = found.end()
    whole = " ".join(before.split())
    before = " ".join(before[part:].split())
    if (_DENIED_BEFORE.search(before) or _REFUSED.search(before)) and not _CORRECTED.search(before):
        return Role.DENIED
    if _OBJECT.search(before) or (part and _OBJECT_AT.search(whole)):
        return None
    if _is_notice(before, whole if part else "", is_first=is_first, is_alone=is_alone):
        return Role.NOTICE
    if _PREPRINT.search(before):
        return Role.PREPRINT
    if before.strip(" ([:`*_") and _RELATED.search(before):
        return Role.RELATED
    return _CITED


def _is_notice(before: str, whole: str, *, is_first: bool, is_alone: bool) -> bool:
    """Tell whether the words before an identifier make it a retraction or correction.

    Args:
        before: those of its own part.
        whole: those since the identifier before it, where they have several parts.
        is_first: whether it is the first of its note.
        is_alone: whether it is the only one of its note.
    """
    if (
        (notice := _NOTICE.search(before))
        and not _NEGATED_NOTICE.search(before, 0, notice.start())
        and not _NO_NOTICE.match(before, notice.start())
        and not (_AMBIGUOUS.match(before, notice.start()) and not _BEFORE_NOTICE.search(before, 0, notice.start()))
    ):
        return True
    dated = _DATED_NOTICE.search(before)
    if dated and not (is_alone and dated.group("retracted")) and _BEFORE_NOTICE.search(before, 0, dated.start()):
        return True
    if not is_first and _DATED_IN_BRACKET.search(whole or before):
        return True
    return bool(whole) and (
        _NOTICE_IN.search(whole) is not None or (not is_first and _NOTICE_AT.search(whole) is not None)
    )


def _inherited(between: str, previous: Identifier, one: Identifier, role: Role) -> Role:
    """Return the role of the identifier before this one where both are of one work or one list, or `cited`."""
    same = _LISTED.match(between) if previous.scheme == one.scheme else _continues(between, previous, one)
    return role if same else _CITED


def _is_same_work(text: str, previous: Identifier, one: Identifier) -> bool:
    return one.start - previous.end <= _SAME_WORK and _continues(text[previous.end : one.start], previous, one)


def _continues(between: str, previous: Identifier, one: Identifier) -> bool:
    """Tell whether an identifier is another name of the one before it: "(doi:10.1/x; PMID 1)"."""
    return previous.scheme != one.scheme and len(between) <= _SAME_WORK and not between.strip(_JOINTS)


_SAME_WORK = 16
_JOINTS = " ,;·/()[]|:=#*_`-PMIDpmidDOIdoiCcuUbBeE"
