"""Lines that only lead in what follows: "Key findings [^a]:", "From Table 3 [^a]:", "See also [^a]".

Precision first, as everywhere in what is no claim: "X shortens life in three ways [^a]:" states something itself. So a
line is one only where closed lists of words know all of it, or its end.
"""

from __future__ import annotations

import re

from evidence.statements.sources import names_sources
from evidence.statements.verbs import FINDS, STATES

# What such a line calls that which follows.
_LABEL = (
    r"(?:results?|findings?|features?|propert(?:y|ies)|steps?|details?|data|outcomes?|endpoints?|characteristics|examples?|"
    r"notes?|caveats?|limitations?|highlights?|summary|conclusions?|observations?|numbers?|figures?|values?|points?|"
    r"evidence(?: base)?|methods?|design|sources?|references?|estimates?|definitions?|criteria|components?|tissues?|"
    r"mechanisms?|effects?|questions?)"
)
_ADJECTIVE = (
    r"(?:the|an?|its|their|these|those|some|all|other|more|further|key|main|major|primary|secondary|principal|central|"
    r"notable|important|relevant|additional|selected|specific|pivotal|headline|reported|observed|published|clinical|"
    r"human|animal|preclinical|study|trial|and|or)"
)
_PLACE = (
    r"(?:supplementary |supp(?:l)?\.? |extended data )?(?:tables?|figures?|figs?\.?|boxe?s?|panels?|sections?|appendix)"
)
_NAME = r"(?-i:[A-Z])[\w.'’&/-]*"
# No word fits two of these, so that no line can be read in many ways.
_IN_A_NAME = rf"(?:{_NAME}|(?-i:et al\.?|and)|&|\(?(?:19|20)\d\d[a-z]?\)?|\d{{1,3}})"
_NAMED = rf"{_NAME}(?: {_IN_A_NAME})*"
_LABELLED = re.compile(
    rf"(?:{_ADJECTIVE} )*{_LABEL}(?: (?:and|&) (?:{_ADJECTIVE} )*{_LABEL})?"
    rf"(?: (?:of|from|in|for|by)(?: the)?(?: (?:{_NAMED}|trial|study|paper|authors))?)?",
    re.IGNORECASE,
)
# What the works behind have to do with the statement before: "Contradicted by: [^a], [^b]" is no finding of theirs.
_DONE = (
    r"(?:contradicted|refuted|disputed|disproved|rebutted|challenged|opposed|questioned|countered|"
    r"supported|confirmed|corroborated|replicated|reproduced)"
)
_WORKS = r"(?:evidence|studies|papers?|findings?|results?|reports?|data|publications?|literature|citations?)"
_STANCE = re.compile(
    rf"(?:not )?{_DONE} (?:by|in)(?: {_WORKS})?|{_WORKS} (?:for|against|in favou?r)|for|against|pro|con|counter[- ]?evidence|"
    rf"(?:contradicting|contradictory|conflicting|contrary|opposing|refuting|supporting|confirming) {_WORKS}|{_WORKS}",
    re.IGNORECASE,
)
# Behind such words that there is nothing: "Contradicted by: none yet", "Evidence against: no published trials".
_YET = (
    r"(?:,? (?:yet|so far|to date|as yet|at present|currently|known|found|identified|reported|published|listed|available|"
    r"as of (?:\w{3,9} )?\d{4}))"
)
_NOTHING = re.compile(
    rf"(?:none|nothing|nobody|no one|not|never|n/?a|unknown|tbd|[–—]|0|no (?:(?:known|such|published|other|further|direct|human|"
    rf"independent) )*{_WORKS[:-1]}|trials?|stud(?:y|ies)|groups?|labs?|replications?)){_YET}{{0,3}}",
    re.IGNORECASE,
)
# What is left of the marks behind the colon of such a line: what joins them.
_JOINS = re.compile(r"(?:[\s:,;.&]|\band\b)*")
_FROM_A_PLACE = re.compile(
    r"(?:(?:adapted|taken|data|values|numbers|summary) )*(?:from|in|per|see|after|according to)(?: the)?"
    rf"(?:,? {_IN_A_NAME})*,? {_PLACE} ?[\w.,–-]*(?:(?: and|,| &) (?:{_PLACE} ?)?[\w.–-]+)*",
    re.IGNORECASE,
)
# A subject and a verb whose object is the list below: a sentence that is not said to its end.
_UNFINISHED = re.compile(
    r"\b(?:(?:proceed|run|go|work)(?:s|es)? as follows|(?:is|are|was|were) (?:that|as follows|the following)|is|are|was|were|includes?|included|comprises?|comprised|"
    r"(?:found|showed|shows?|reported|reports|demonstrated|demonstrates|documented|identified|observed|concluded|"
    r"revealed|noted|described|suggested|established|stated)(?: that)?)(?: (?:mainly|mostly|chiefly|primarily|predominantly|"
    r"principally|largely|typically|usually|also|both))?$",
    re.IGNORECASE,
)
# What makes the words before such an end a sentence of their own: "bone falls in mice, as Kim et al. reported".
_SUBORDINATE = re.compile(
    r"(?<!\bal)[.;:]\s|\b(?:as|which|who|that|when|where|because|since|so|if|while|whereas|although|after|until|than|but)\b",
    re.IGNORECASE,
)
_SUMMARY = (
    r"(?:reviews?|details|discussions?|overviews?|more(?: information)?|background|context|summary|records?|accounts?|pages?|"
    r"lists?|tables?|entry|entries|treatments?|coverage|breakdowns?|framing|caveats?|derivations?|references?)"
)
_LEADS_ON = re.compile(
    rf"(?:but |and )?(?:see(?: also)?|cf\.?|compare|(?:not )?(?:reviewed|discussed|{_DONE}) (?:in|by)|for (?:details|more|an? review|reviews),? see"
    r"(?: also)?)(?: (?:and|or|also|in|by|the|e\.g\.,?|references?|refs?\.?|notes?))*"
    rf"(?: for (?:(?:an?|the|its|their) )?(?:[\w-]+ ){{0,4}}{_SUMMARY})?[\s),;.]*",
    re.IGNORECASE,
)
# "See the caveat in the section above", "See [[mtor]] for the full pathway", "For its history, see X in frontmatter":
# what one may look up, and where. What states something has a verb, a number or a clause of its own.
_POINTS = re.compile(
    r"(?:(?:but |and )?|for [^,]{1,120}, )(?:please )?(?:see|refer to|cf\.?|consult)(?![\w-])"
    r"(?! (?:how|why|what|that)\b)(?P<what>.*)",
    re.IGNORECASE,
)
_HERE = re.compile(
    rf"\bfront[- ]?matter\b|§|\b(?:above|below|sections?|(?:this|of the) (?:page|note|file))\b|\b{_PLACE} ?\d",
    re.IGNORECASE,
)
_HERE_NUMBERED = re.compile(rf"(?:§+|\b{_PLACE}) ?\d[\w.–-]*", re.IGNORECASE)
_CHECKED = re.compile(r"\b(?:un)?verified(?:-partial)?\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[\d%=<>≈~≥≤→;:!?—–]|\.\s|\b(?:because|since|whereas|although|while|that|which|who|if)\b", re.IGNORECASE
)
_ACCORDING_TO = re.compile(r",? as (?:described|reported|stated|summari[sz]ed|given|proposed) (?:in|by) [^,;:]{1,60},")
_LONGEST = 240
_BRACKETS = str.maketrans("()[]", "    ")
_ENDS_OF_MARKS = frozenset("]0123456789")
_BEGINNINGS = (
    *("see", "cf", "but see", "and see", "for ", "compare", "reviewed", "discussed"),
    *("refer", "please", "consult"),
    *("contradic", "refuted", "disputed", "disproved", "rebutted", "challeng", "opposed", "question", "countered"),
    *("supported", "confirmed", "corrobora", "replicate", "reproduce"),
    *("not ", "evidence", "against:", "counter", "contradic", "conflicti", "opposing", "refuting", "contrary"),
)
# How far before the end the colon of a lead sentence may stand where a mark follows it.
_TAIL = 60


def may_only_lead_in(text: str) -> bool:
    """Tell whether a text may be such a line at all: a look at its ends, since every line of a page is asked.

    >>> may_only_lead_in("Key findings [^a]:"), may_only_lead_in("Mice lose bone with age.")
    (True, False)
    """
    end = text.rstrip(" \t\r\n*_).")
    return (
        end.endswith(":")
        or (end[-1:] in _ENDS_OF_MARKS and ":" in end[-_TAIL:])
        or text.lstrip(" *_(>")[:9].lower().startswith(_BEGINNINGS)
    )


def only_leads_in(bare: str) -> bool:
    """Tell whether a line, without its marks and markup, states nothing but leads in what follows or leads on.

    >>> only_leads_in("Key findings :"), only_leads_in("Loss of X shortens life in three ways :")
    (True, False)
    """
    plain = " ".join(bare.translate(_BRACKETS).split())
    if not plain or len(plain) > _LONGEST:
        return False
    if _LEADS_ON.fullmatch(plain) or _heads_no_more(plain):
        return True
    head = _before_colon(plain)
    if head is None:
        return False
    if _LABELLED.fullmatch(head) or _STANCE.fullmatch(head) or _FROM_A_PLACE.fullmatch(head):
        return True
    end = _UNFINISHED.search(head)
    if end is None:
        return False
    subject = _ACCORDING_TO.sub("", head[: end.start()])
    return not (_SUBORDINATE.search(subject) or FINDS.search(subject) or STATES.search(subject))


def _heads_no_more(plain: str) -> bool:
    """Tell whether a line says what works have to do with something, and which these are, or that there are none.

    >>> [_heads_no_more(line) for line in ("Contradicted by: none yet", "Against: two trials", "Against: bone falls")]
    [True, True, False]
    """
    head, colon, rest = plain.partition(":")
    if not colon or not _STANCE.fullmatch(head.strip()):
        return False
    said = " ".join(rest.replace(" ,", ",").split()).strip(" .,;")
    return _NOTHING.fullmatch(said) is not None or names_sources(said)


def _before_colon(plain: str) -> str | None:
    """Return the words before the colon that ends a line, or that only marks follow; None where there is none.

    >>> _before_colon("Sources: , and ."), _before_colon("Bone: it falls"), _before_colon("Bone: the steps are :")
    ('Sources', None, 'Bone: the steps are')
    """
    colon = plain.find(":")
    if colon >= 0 and _JOINS.fullmatch(plain, colon):
        return plain[:colon].rstrip()
    head = plain.rstrip(" :")
    return head if head != plain.rstrip() else None


def only_points(bare: str, *, has_link: bool) -> bool:
    """Tell whether a line only says where to look something up: on a page that it links, or elsewhere on its own.

    Args:
        bare: the line without its marks, links and markup.
        has_link: it has links, or marks.

    >>> only_points("See verified-scope in frontmatter for the full log.", has_link=False)
    True
    >>> only_points("See how mice lose bone.", has_link=False), only_points("See   : X extends life", has_link=True)
    (False, False)
    """
    plain = " ".join(bare.split()).lstrip("( ").rstrip(" ).")
    found = _POINTS.fullmatch(plain) if len(plain) <= _LONGEST else None
    if found is None or not (has_link or _HERE.search(found["what"])):
        return False
    said = _CHECKED.sub("", _HERE_NUMBERED.sub("", plain))
    return not (_CLAUSE.search(said) or FINDS.search(said) or STATES.search(said))
