"""Questions: "Does X lengthen life?", "The trial asked whether X lengthens life", which say nothing of the answer.

Precision first: a question that tells its answer ("tested whether X does; it did"), or that nobody has asked or
answered ("whether X does is not known", "no study has tested whether"), states something. So does one that takes a fact
for granted ("Does X, which doubles life, ...?"): none of its words may tell of one.
"""

from __future__ import annotations

import re

from evidence.statements.patterns import alone, any_of, any_word, maybe, up_to
from evidence.statements.verbs import FINDS, STATES
from evidence.statements.words import MARK, without_brackets, words_of

_END = f" .)\"'”’{MARK}"
_LONGEST = 400

# --- what is asked ---

_SO = any_word("and or so then specifically")
_AUXILIARY = alone("do does did is are was were has have had can could will would should may might")
# A question that may be answered by yes or no takes nothing for granted.
_OPEN = re.compile(rf"(?:(?:{_SO}|in particular),? )?{_AUXILIARY}", re.IGNORECASE)
# These may take a fact for granted: "What makes X lengthen life?" And "Why does X lengthen life?" says that it does.
_LOADED = re.compile(rf"(?:(?:{_SO}|therefore),? )?(?:what|which|who|whose) ", re.IGNORECASE)
# What a question itself states beside what it asks.
_GRANTED = re.compile(
    any_of(
        r"[;:.%<>=±≈—←↑→↓⇒]",
        rf",\s{alone('which who whose that as while whereas even but given')}",
        r"n['’]t\b",
        r"\beven as\b",
        alone("not never cannot nothing anything deny denies"),
        alone("given since because considering although though despite if but yet whereas"),
        alone(r"doubt wonder surpris\w+ kn[eo]wn? fact"),
    ),
    re.IGNORECASE,
)
_NEXT = re.compile(rf"\?[\"'”’) {MARK}]*\s(?=\S)")

# --- who asks ---

_YEAR = r"\(?(?:19|20)\d\d[a-z]?\)?"
_CAPITAL = r"(?-i:[A-Z])[\w'’-]+"
_WORD = r"[\w-]+"
_STUDY = any_of(
    *("trials?", "experiments?", "projects?", "analys[ei]s", "sub-?analys[ei]s", "meta-analys[ei]s"),
    *("stud(?:y|ies)", "sub-?stud(?:y|ies)", "papers?", "articles?", "reviews?", "reports?"),
    *("authors?", "researchers", "scientists", "investigators", "teams?", "laborator(?:y|ies)", "labs?"),
)
_OF_WHAT = r"(?: (?:of|in|with|among) (?:(?!(?:and|or)\b)[a-z][\w-]* ?){1,4})?"
_BY_WHOM = r"(?: (?:by|of|from|in|at) (?-i:[A-Z0-9])[\w.'’&-]*(?: (?:(?-i:[A-Z0-9])[\w.'’&-]*|and|&|et|al\.?))*)?"
# "The trial", "Two studies of 2011", "Kim et al.", "Kim 2011", "We". A protein may test something, too.
_AGENT = re.compile(
    any_of(
        rf"(?:[\w.'’/-]+,? ){{0,8}}{_STUDY}{_BY_WHOM}{_OF_WHAT}",
        rf"(?:[\w.'’&-]+,? ){{0,6}}(?:et al\.?,?|(?:and|&) (?:co-?workers|colleagues))(?: {_YEAR})?",
        rf"(?:the )?{_CAPITAL}(?: (?:and|&) {_CAPITAL})? {_YEAR}",
        *("we", "they"),
    )
    + rf"[ ,{MARK}]*",
    re.IGNORECASE,
)
# The name of a trial: past only, for "ATM tests whether" tells of a protein.
_ACRONYM = re.compile(rf"(?:The )?[A-Z][\w-]*[A-Z0-9][\w-]*(?: trial)?[ {MARK}]*")
# Nobody asked; it was asked beside another thing; it is told how it came out.
_DENIED = re.compile(
    alone(
        "no not none never neither nor few little nobody only without yet hardly rarely until",
        "who that which when after because while whereas although as",
        "negative positive null failed unsuccessful successful inconclusive",
    ),
    re.IGNORECASE,
)

# --- that it is asked ---

_TO_ASK = "to " + any_of(
    *("ask", "test", "examine", "investigate", "explore", "assess", "evaluate", "study"),
    *("determine", "establish", "find out", "see", "clarify", "learn"),
)
_ADVERB = maybe("also", "then", "next", "further", "first", "therefore", r"\w+ly")
_ASKS = any_of(
    r"(?:ask|test|examine|investigate|explore|evaluate|probe)s?|stud(?:y|ies)|assess(?:es)?|address(?:es)?",
    rf"(?:is|are) (?:designed|powered|meant|intended|planned|under way|ongoing) {_TO_ASK}",
    rf"(?:aims?|seeks?|wants?|intends?|will|tries) (?:{_TO_ASK}|ask|test|examine|assess|evaluate)",
)
_UNDERTAKEN = any_of(
    *("undertaken", "conducted", "performed", "set up", "done", "carried out", "run", "launched"),
    *("designed", "powered", "meant", "intended", "planned"),
)
_ASKED = any_of(
    any_word("asked tested examined investigated explored evaluated probed studied assessed addressed"),
    rf"(?:was|were) {_UNDERTAKEN} (?:in order )?{_TO_ASK}",
    rf"(?:aimed|sought|set out|wanted|intended) {_TO_ASK}",
)
# "Kim et al. used parabiosis to ask whether": how they asked is no answer.
_BY_MEANS = rf"(?:uses?|used|employ(?:s|ed)|appl(?:y|ies|ied)) (?P<means>[^;:.?!]{{1,200}}?)\s{_TO_ASK}"
_WHETHER = any_of("the question (?:of )?(?:whether|if)", "the hypothesis that", "whether", "if")
_INDIRECT = re.compile(
    rf"\b{_ADVERB}(?:(?P<now>{_ASKS})|(?P<past>{_ASKED})|{_BY_MEANS}) {_WHETHER}\b(?P<asked>.*)", re.DOTALL
)
_AIM = re.compile(
    rf"(?:the|its|their|our|one) {maybe('main', 'primary', 'first', 'secondary', 'second', 'central', 'key')}"
    rf"(?:aim|objective|goal|purpose|question)(?: of (?:the|this|that) {up_to(4, _WORD)}{_STUDY}{_BY_WHOM})? "
    rf"(?:is|was) (?:{_TO_ASK} )?{_WHETHER}\b(?P<asked>.*)",
    re.IGNORECASE | re.DOTALL,
)
# The words before a question that somebody puts: "Kim et al. asked: does X act?"
_PUT = re.compile(r"(?P<agent>[^:?]{1,120}?) (?:asks?|asked)(?: the question)?: [\"“]?")

# --- what is told besides ---

_DID = alone(r"\w+ed saw did had got came met was were is are they it this these")
_HOW_IT_WAS = alone("an? little few negative positive null mixed similar inconclusive modest some clear strong")
# Words behind "whether" that may tell the answer, or another thing.
_ANSWERED = re.compile(
    any_of(
        r"[;:.?!%<>=±≈—←↑→↓⇒]",
        r"\s[–-]+\s",
        r",(?!\s(?:or\b|(?:and )?(?:conversely,? )?(?:whether|if)\b))",
        alone("but however although though yet since because therefore thus hence despite given until"),
        alone("find(?:s|ing)? found show(?:s|ed|ing)? report(?:s|ed|ing) reveal(?:s|ed|ing) saw seeing"),
        alone("conclud(?:ed|ing) confirm(?:s|ed|ing) observ(?:ed|ing) demonstrat(?:ed|ing)"),
        alone(r"success\w* vain results? answer\w* unknown unclear never no none"),
        alone("indeed known well-known established proven fact"),
        rf"\band (?:then |conversely,? )?(?!(?:whether|if)\b)(?:\w+ly )?{_DID}",
        rf"\bas {alone('it they in with for do does did has have is was')}",
        rf"\bwith {_HOW_IT_WAS}",
        rf"\bwithout {alone('success effect any')}",
        rf"\bto {alone('refute reject prove disprove show confirm')}",
    ),
    re.IGNORECASE,
)
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
_SAYS = re.compile(any_of(FINDS.pattern, STATES.pattern, "[%<>=±≈:;]", rf"(?<!\d)(?!{_YEAR}(?!\d))\d"), re.IGNORECASE)


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
