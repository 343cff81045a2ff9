"""Words that set a work against the statement they stand with: "it falls, contrary to [^b]", "(contradicted by [^b])".

Where they are the statement ("Lee's finding was refuted by [^b]"), the work is its support.
"""

from __future__ import annotations

import re

from evidence.extract.clauses import names_a_paper
from evidence.extract.polarity import CONTRARY_TO, DISPUTED_VIEW, FAILED_REPLICATION
from evidence.extract.subjects import PEOPLE, SOURCE, denies

_BUT = r"(?:(?:but|yet|and|although|though|albeit|while|however|later|since|now|also|then|\w+ly),?\s+){0,3}"
_CONTRARY = rf"(?:unlike|contra|{CONTRARY_TO})\b"
_REFUTED = r"(?:contradicted|refuted|disputed|disproved|disproven|rebutted|challenged)"
_BY = rf"(?:{_REFUTED}|not (?:\w+ly )?(?:replicated|reproduced|confirmed))(?: \w+){{0,3}}? (?:by|in)\b"
# What names the statement before it, and says that it was refuted.
_THIS_WAS = (
    r"(?:this|that|it|which|these|those|the (?:findings?|results?|claims?|effects?|conclusions?|hypothesis|idea|view))"
    rf"\s+(?:was|were|is|are|(?:has|have|had)(?: \w+)? been)(?: \w+){{0,2}}? {_REFUTED}\b"
)
# Up to the mark only names of papers follow, no verb of another subject: "(disputed in 2012), was revived [^b]".
_NAMES = r"(?:[^.;:,]|\bal\.|,(?=[\s\[(^*_]*(?:$|(?:19|20)\d\d|and\b|&|(?-i:[A-Z]))))*[.,]?[\s\[(^*_]*"
_BEHIND = re.compile(
    rf"(?:[,;:(\[—–]|\s--?|\s(?=(?:despite|notwithstanding|in spite)\b))[\s*_]*{_BUT}"
    rf"(?:{_CONTRARY}|{_BY}|{_THIS_WAS}|{DISPUTED_VIEW}|{FAILED_REPLICATION}:?){_NAMES}$",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"[\s*_]*{_CONTRARY}(?:[^.;:]|\bal\.)*$", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}")
_GOES_ON = re.compile(r",\s+[^\W_][\w'’-]*\s+[^\W_]")
_GOES_ON_BEHIND = re.compile(r"[\])^*_]*\s+[^\W_][\w'’-]*\s+[^\W_]")
_GLUED_COMMA = re.compile(r",(?:  )?[\[(^*_]{0,6}$")
# Mice, drugs and genes are unlike others too: people find. A name alone may be of anything, unless the key of the note
# has it too ("Unlike Weber[^weber2019]"); what "we" find is set beside what these did.
_UNLIKE_PEOPLE = re.compile(
    rf"(?:^|[.;:(])[\s*_]*unlike\s+(?:(?P<sure>{PEOPLE})|(?P<name>(?-i:[A-Z][^\W\d_]+)))[\s,\[(^*_]*$", re.IGNORECASE
)
# Behind a statement people are unlike those who found it; where this tells how a study was done, its methods are.
_UNLIKE_PEOPLE_BEHIND = re.compile(
    rf"[,;:(—–\])][\s*_]*(?:(?:but|though|although|yet) )?unlike\s+{PEOPLE}[\s,\[(^*_]*$", re.IGNORECASE
)
_OF_METHODS = re.compile(
    r"\b(?:us(?:e|ed|es|ing)|employed|measured|includ(?:e|ed|es|ing)|exclud(?:e|ed|es|ing)|enrolled|recruited|adjust\w*|"
    r"accounted|assessed|stratified|restricted|defined|analy[sz]ed|relied|focus(?:ed|es)|considered|limited|sampled|pooled|"
    r"stud(?:y|ied)|tested|examined|looked|followed|chose|gave|fed|blind(?:ed|ing)?|randomi[sz]ed|open-label|designed|"
    r"controlled|dos(?:e|es|ed|ing)|methods?|protocols?|assays?|design)\b",
    re.IGNORECASE,
)
# What was found, and so may be found otherwise: a change, a relation, or the word for finding itself.
_OF_RESULTS = re.compile(
    r"\b(?:(?:increas|decreas|reduc|elevat|enhanc|improv|impair|worsen|lengthen|shorten|extend|prolong|accelerat|slow|delay|"
    r"declin|diminish|attenuat|lower|rais|promot|inhibit|induc|activat|repress|suppress|stimulat|prevent|protect|predict|"
    r"correlat|associat|affect|alter|chang|gain|grow|shrink|caus|driv|protect|surviv|observ|report|detect|show)(?:e?s|e?d|ing|e|n)?|"
    r"ris(?:e|es|en|ing)|rose|f[ae]ll(?:s|en|ing)?|los(?:s|es|t|e|ing)|dies?|died|found|finds?|saw|sees?|effects?|benefits?|"
    r"higher|longer|shorter|greater|fewer|more|less|better|worse|unaffected|unchanged)\b",
    re.IGNORECASE,
)
_FINDS = (
    r"\s+(?:(?:also|then|later|here|now|\w+ly|did not|do not|could not|failed to)\s+)?"
    r"(?:sees?|saw|finds?|found|observed?|reports?|reported|shows?|showed|detect(?:s|ed)?|concluded?)\b"
)
_WE = (
    r"(?:we|I|our (?:own )?(?:data|results|findings|group|study|trial)|the (?:present|current) (?:study|trial|authors))"
)
_WE_FIND = re.compile(rf"[\s,\])^*_]+{_WE}{_FINDS}", re.IGNORECASE)
# A mark or a link may stand with each of those who find.
_MARKED = rf"{PEOPLE}(?:,? ?(?:\[\^[^\[\]\s]{{1,80}}\]|\[[^\[\]]{{1,80}}\]\([^()\s]{{1,200}}\))){{0,4}}"
_ANY_FIND = re.compile(
    rf"[\s,\])^*_]+(?:{_WE}|{_MARKED}(?:(?:,| and| &|, and) {_MARKED}){{0,3}}|{SOURCE}){_FINDS}", re.IGNORECASE
)
# "But see" sends the reader to what speaks against the statement; "but see [^b] for the dose" to something else.
# A statement that something is not so may well have negative results behind it.
_CONTRARY_VIEW = (
    r"for (?:an? |some |the )?(?:"
    r"(?:contrary|contradictory|contrasting|opposing|opposite|dissenting|conflicting)(?: \w+)? "
    r"(?:views?|evidence|results?|findings?|opinions?|positions?|data|arguments?|interpretations?)|"
    r"(?P<null>(?:null|negative) (?:(?:human|clinical|mouse|trial|study) )?"
    r"(?:results?|findings?|trials?|stud(?:y|ies)|reports?|replications?)|"
    r"(?:failed|unsuccessful) replications?|non-?replications?|"
    r"(?:failures?|(?:failed|unsuccessful) attempts?) to (?:replicate|reproduce|confirm)\b[^,;.]{0,30}))"
)
_SEE_AGAINST = re.compile(
    rf"(?:\b(?:but|though|although|yet)\s+see|\bhowever,?\s+see|\bsee,?\s+however|{_CONTRARY_VIEW},?\s+see)"
    r"\b(?!\s+also\b),?(?P<name>[^;]{0,80})$",
    re.IGNORECASE,
)
# What may stand between a statement and the words that send the reader elsewhere.
_BETWEEN = " \t\r\n.,;:(—–"
_SEE_FOR_CONTRARY = re.compile(rf"\bsee\b,?(?P<name>[^;]{{0,80}}?),? {_CONTRARY_VIEW}[\s\[(^*_]*$", re.IGNORECASE)
_SEE = re.compile(r"\bsee\b(?P<name>[^;]{0,80})$", re.IGNORECASE)
_NOTHING_MORE = re.compile(r"[\]^*_]*\s*(?:$|[.;)\]|\n—–]|,\s+(?:and|but|while|whereas)\b)")
_BEHIND_CONTRARY = re.compile(rf"[\])^*_]*,?\s+{_CONTRARY_VIEW}\b", re.IGNORECASE)
# Words farther from the mark are not of what it closes.
_REACH = 160


def is_set_against(text: str, start: int, mark: int, end: int) -> bool:
    """Tell whether the words before a mark, which contrast, set its work against what the claim states beside them.

    Args:
        text: of the page.
        start: where the claim begins.
        mark: where the mark stands.
        end: where it ends.

    >>> texts = "It falls, contrary to [^b]", "It was refuted by [^b]"
    >>> [is_set_against(text, 0, len(text) - 4, len(text)) for text in texts]
    [True, False]
    """
    tail = max(start, mark - _REACH)
    behind = _BEHIND.search(text, tail, mark)
    if behind is not None:
        return _WORDS.search(text, start, behind.start()) is not None
    if not _BEFORE.fullmatch(text, start, mark):
        return False
    if _GOES_ON.search(text, mark, mark + _REACH):
        return True
    return bool(_GLUED_COMMA.search(text, max(start, mark - _REACH), mark) and _GOES_ON_BEHIND.match(text, end))


def may_stand_against(text: str, start: int, mark: int) -> bool:
    """Tell whether a piece of the words is near that the next two look for, which costs less than these.

    >>> may_stand_against("It falls (see [^b])", 0, 14), may_stand_against("It falls [^b]", 0, 9)
    (True, False)
    """
    tail = max(start, mark - _REACH)
    return text.find("see", tail, mark) >= 0 or text.find("nlike", tail, mark) >= 0


def is_unlike_people(text: str, start: int, mark: int, end: int) -> bool:
    """Tell whether a sentence sets what others find against people: "Unlike Lee et al.[^b], we find that it falls".

    Args:
        text: of the page.
        start: where the clause begins that the first mark of these people closes.
        mark: where that mark stands.
        end: where their last mark ends.

    >>> texts = "Unlike Lee 2012 [^b], we find no loss", "Unlike FIS1 [^b], MFF binds"
    >>> [is_unlike_people(text, 0, text.index("["), text.index("]") + 1) for text in texts]
    [True, False]
    """
    said = text[max(start, mark - _REACH) : mark]
    people = "nlike" in said and _UNLIKE_PEOPLE.search(said)
    if not people or "," not in text[max(start, mark - 3) : end + 3]:
        return False
    if not people["sure"] and people["name"].casefold() not in text[mark:end].casefold():
        return False
    return bool((_ANY_FIND if people["sure"] else _WE_FIND).match(text, end))


def is_seen_against(text: str, start: int, mark: int, end: int) -> bool:
    """Tell whether the reader is sent to works that speak against a statement: "it falls (but see [^b])".

    Args:
        text: of the page.
        start: where the claim begins.
        mark: where the first mark stands to which the words send.
        end: where the last one ends.

    >>> texts = "Klotho falls (but see [^b]).", "Klotho falls (but see [^b] for the dose)."
    >>> [is_seen_against(text, 0, 22, 26) for text in texts]
    [True, False]
    """
    said = text[max(start, mark - _REACH) : mark]
    found = view = _SEE_AGAINST.search(said) or _SEE_FOR_CONTRARY.search(said)
    if not (found and _NOTHING_MORE.match(text, end)):
        found, view = _SEE.search(said), _BEHIND_CONTRARY.match(text, end)
    if not (found and view) or not names_a_paper(found["name"]):
        return False
    begins = mark - len(said) + found.start()
    if not _WORDS.search(text, start, begins):
        return False
    if view["null"] is None:
        return True
    stated = text[max(start, begins - _REACH) : begins]
    return not denies(text, begins - len(stated) + len(stated.rstrip(_BETWEEN)))


def is_unlike_people_behind(text: str, start: int, mark: int, end: int) -> bool:
    """Tell whether people behind a statement are those who did not find it: "It falls[^a], unlike Lee et al.[^b]".

    Args:
        text: of the page.
        start: where the claim begins.
        mark: where the first mark of these people stands.
        end: where their last mark ends.

    >>> texts = "Bone is lost, unlike Lee 2012 [^b].", "Kim used men, unlike Lee 2012 [^b]."
    >>> [is_unlike_people_behind(text, 0, text.index("["), len(text) - 1) for text in texts]
    [True, False]
    """
    tail = max(start, mark - _REACH)
    found = text.find("nlike", tail, mark) >= 0 and _UNLIKE_PEOPLE_BEHIND.search(text, tail, mark)
    if not found or not _NOTHING_MORE.match(text, end) or not _WORDS.search(text, start, found.start()):
        return False
    stated = max(start, found.start() - _REACH), found.start()
    return _OF_METHODS.search(text, *stated) is None and _OF_RESULTS.search(text, *stated) is not None
