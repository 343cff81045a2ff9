"""Questions: "Does X lengthen life?", "The trial asked whether X lengthens life", which say nothing of the answer.

Precision first: a question that tells its answer ("tested whether X does; it did"), or that nobody has asked or
answered ("whether X does is not known", "no study has tested whether"), states something. So does one that takes a fact
for granted ("Does X, which doubles life, ...?"): none of its words may tell of one.
"""

from __future__ import annotations

import re

from evidence.statements.verbs import FINDS, STATES
from evidence.statements.words import MARK, without_brackets, words_of

_END = f" .)\"'”’{MARK}"
_LONGEST = 400
# A question that may be answered by yes or no takes nothing for granted.
_OPEN = re.compile(
    r"(?:(?:and|or|so|then|specifically|in particular),? )?(?:do|does|did|is|are|was|were|can|could|will|would|"
    r"should|has|have|had|"
    r"may|might)\b",
    re.IGNORECASE,
)
# These may take a fact for granted: "What makes X lengthen life?" And "Why does X lengthen life?" says that it does.
_LOADED = re.compile(r"(?:(?:and|or|so|then|specifically|therefore),? )?(?:what|which|who|whose) ", re.IGNORECASE)
# What a question itself states beside what it asks.
_GRANTED = re.compile(
    r"[;:.%<>=±≈—←↑→↓⇒]|,\s(?:which|who|whose|that|as|while|whereas|even|but|given)\b|n['’]t\b|\beven as\b|"
    r"\b(?:not|never|given|since|because|although|though|despite|considering|if|but|yet|whereas|doubt|wonder|"
    r"surpris\w+|anything|nothing|cannot|kn[eo]wn?|fact|"
    r"deny|denies)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(rf"\?[\"'”’) {MARK}]*\s(?=\S)")

_YEAR = r"\(?(?:19|20)\d\d[a-z]?\)?"
_STUDY = (
    r"(?:trials?|stud(?:y|ies)|sub-?stud(?:y|ies)|papers?|articles?|authors?|researchers|scientists|investigators|"
    r"teams?|"
    r"experiments?|analys[ei]s|sub-?analys[ei]s|reviews?|meta-analys[ei]s|projects?|reports?|laborator(?:y|ies)|labs?)"
)
_OF = r"(?: (?:of|in|with|among) (?:(?!(?:and|or)\b)[a-z][\w-]* ?){1,4})?"
_BY = r"(?: (?:by|of|from|in|at) (?-i:[A-Z0-9])[\w.'’&-]*(?: (?:(?-i:[A-Z0-9])[\w.'’&-]*|and|&|et|al\.?))*)?"
# Who asks: "The trial", "Two studies of 2011", "Kim et al.", "Kim 2011", "We". A protein may test something, too.
_AGENT = re.compile(
    rf"(?:(?:[\w.'’/-]+,? ){{0,8}}{_STUDY}{_BY}{_OF}|(?:[\w.'’&-]+,? ){{0,6}}(?:et al\.?,?|(?:and|&) (?:co-?workers|"
    rf"colleagues))"
    rf"(?: {_YEAR})?|(?:the )?(?-i:[A-Z])[\w'’-]+(?: (?:and|&) (?-i:[A-Z])[\w'’-]+)? {_YEAR}|we|they)[ ,{MARK}]*",
    re.IGNORECASE,
)
# The name of a trial: past only, for "ATM tests whether" tells of a protein.
_ACRONYM = re.compile(rf"(?:The )?[A-Z][\w-]*[A-Z0-9][\w-]*(?: trial)?[ {MARK}]*")
_DENIED = re.compile(
    r"\b(?:no|not|none|never|neither|nor|few|little|nobody|only|without|yet|hardly|rarely|until|who|that|which|when|"
    r"after|"
    r"because|while|whereas|although|as|negative|positive|null|failed|unsuccessful|"
    r"successful|inconclusive)\b",
    re.IGNORECASE,
)
_TO_ASK = (
    r"to (?:ask|test|examine|investigate|explore|assess|evaluate|study|determine|establish|find out|see|clarify|learn)"
)
_ADVERB = r"(?:(?:also|then|next|further|first|therefore|explicitly|directly|formally|specifically|\w+ly) )?"
_ASKS = (
    r"(?:ask|test|examine|investigate|explore|evaluate|probe)s?|stud(?:y|ies)|assess(?:es)?|address(?:es)?|"
    r"(?:is|are) (?:designed|powered|meant|intended|planned|under way|ongoing) "
    rf"{_TO_ASK}|(?:aims?|seeks?|wants?|intends?|will|tries) (?:{_TO_ASK}|(?:ask|test|examine|assess|evaluate))"
)
_ASKED = (
    r"(?:asked|tested|examined|investigated|explored|evaluated|probed|studied|assessed|addressed)|"
    r"(?:was|were) (?:designed|undertaken|conducted|performed|set up|powered|done|carried out|run|launched|meant|"
    r"intended|planned) "
    rf"(?:in order )?{_TO_ASK}|(?:aimed|sought|set out|wanted|intended) {_TO_ASK}"
)
# "Kim et al. used parabiosis to ask whether": how they asked is no answer.
_BY_MEANS = rf"(?:uses?|used|employ(?:s|ed)|appl(?:y|ies|ied)) (?P<means>[^;:.?!]{{1,200}}?)\s{_TO_ASK}"
_WHETHER = r"(?:the question (?:of )?(?:whether|if)|the hypothesis that|whether|if)"
_INDIRECT = re.compile(
    rf"\b{_ADVERB}(?:(?P<now>{_ASKS})|(?P<past>{_ASKED})|{_BY_MEANS}) {_WHETHER}\b(?P<asked>.*)", re.DOTALL
)
_AIM = re.compile(
    rf"(?:the|its|their|our|one) (?:(?:main|primary|first|secondary|second|central|key) )?"
    rf"(?:aim|objective|goal|purpose|question)(?: of (?:the|this|that) (?:[\w-]+ ){{0,4}}{_STUDY}{_BY})? "
    rf"(?:is|was) (?:{_TO_ASK} )?{_WHETHER}\b(?P<asked>.*)",
    re.IGNORECASE | re.DOTALL,
)
# Words behind "whether" that may tell the answer, or another thing.
_ANSWERED = re.compile(
    r"[;:.?!%<>=±≈—←↑→↓⇒]|\s[–-]+\s|,(?!\s(?:or\b|(?:and )?(?:conversely,? )?(?:whether|if)\b))|"
    r"\b(?:but|however|although|though|yet|find(?:s|ing)?|found|show(?:s|ed|ing)?|report(?:s|ed|ing)|conclud(?:ed|ing)|"
    r"reveal(?:s|ed|ing)|confirm(?:s|ed|ing)|observ(?:ed|ing)|demonstrat(?:ed|ing)|success\w*|vain|results?|answer\w*|"
    r"since|because|therefore|thus|hence|indeed|saw|seeing|despite|given|until|unknown|unclear|never|no|none|known|"
    r"well-known|established|proven|fact)\b|"
    r"\band (?:then |conversely,? )?(?!(?:whether|if)\b)(?:\w+ly )?(?:\w+ed|saw|did|had|got|came|met|was|were|is|are|"
    r"they|it|this|these)\b|"
    r"\bas (?:it|they|in|with|for|do|does|did|has|have|is|was)\b|"
    r"\bwith (?:an?|little|few|negative|positive|null|mixed|similar|inconclusive|modest|some|clear|strong)\b|"
    r"\bwithout (?:success|effect|any)\b|\bto (?:refute|reject|prove|disprove|show|confirm)\b",
    re.IGNORECASE,
)
# The words before a question that somebody puts: "Kim et al. asked: does X act?"
_PUT = re.compile(r"(?P<agent>[^:?]{1,120}?) (?:asks?|asked)(?: the question)?: [\"“]?")
_ASIDE = re.compile(r" — ([^—]*) — ")


def may_ask(text: str) -> bool:
    """Tell whether a text may be a question: a look at its end, and for the words of an indirect one.

    >>> may_ask("Does X act [^a]?"), may_ask("Mice lose bone with age.")
    (True, False)
    """
    return "?" in text[-60:] or "whether" in text or "ypothesis that" in text or " if " in text


def only_asks(text: str) -> bool | None:
    """Tell whether a text asks and does not tell: True for sure, False where its question may take a fact for granted.

    Returns:
        None where it is no question.

    >>> only_asks("Does X lengthen life [^a]?"), only_asks("What drives X?"), only_asks("Why does X lengthen life?")
    (True, False, None)
    >>> only_asks("The trial asked whether X lengthens life [^a]."), only_asks("We tested whether X acts; it did.")
    (True, None)
    """
    if len(text) > _LONGEST:
        return None
    words = words_of(text).lstrip("\"'“‘( ").rstrip(_END)
    if not words.endswith("?"):
        return True if _asks_indirectly(words) else None
    put = _PUT.match(words)
    if put is not None and _AGENT.fullmatch(put["agent"]) and not _DENIED.search(put["agent"]):
        words = words[put.end() :]
    kinds = [_ask_directly(without_brackets(one.strip(f"\"'“‘ {MARK}?"), _SAYS)) for one in _NEXT.split(words)]
    return None if None in kinds else all(kinds)


# Years and journals may stand in brackets; numbers may be what came out.
_SAYS = re.compile(rf"{FINDS.pattern}|{STATES.pattern}|[%<>=±≈:;]|(?<!\d)(?!{_YEAR}(?!\d))\d", re.IGNORECASE)


def _ask_directly(words: str) -> bool | None:
    """Tell whether words are a question that takes nothing for granted, one that may, or (None) no question alone."""
    if MARK in words or "(" in words or _GRANTED.search(words):
        return None
    return True if _OPEN.match(words) else False if _LOADED.match(words) else None


def _asks_indirectly(words: str) -> bool:
    words = without_brackets(words, _SAYS)
    aim = _AIM.fullmatch(words)
    if aim is not None:
        return not _answers(aim["asked"])
    asks = _INDIRECT.search(words)
    if asks is None or _answers(asks["asked"]):
        return False
    head = words[: asks.start()]
    if _DENIED.search(head) or (asks["means"] and (MARK in asks["means"] or _tells(asks["means"]))):
        return False
    return _AGENT.fullmatch(head) is not None or (asks["now"] is None and _ACRONYM.fullmatch(head) is not None)


def _answers(asked: str) -> bool:
    """Tell whether words behind "whether" may tell more than the question."""
    asked = _ASIDE.sub(lambda aside: aside[0] if _tells(aside[1]) else " ", asked)
    return MARK in asked or "(" in asked or _ANSWERED.search(asked) is not None


def _tells(words: str) -> bool:
    return (FINDS.search(words) or STATES.search(words)) is not None
