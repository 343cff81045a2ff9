"""What words of contradiction are directed at: the statement beside them, or its cause, a diagnosis, a critic.

Silence supports: where nothing tells that it is the statement, or what another found, the words say nothing.
"""

from __future__ import annotations

import re

from evidence.extract.subjects import ADVERSATIVE, ADVERSE_OR_WHILE, NAME, PEOPLE, POINTED_AT, SOURCE

# What a claim states, and what is told of it again; not its mechanism, its dose, its meaning.
_STATED = (
    r"(?:findings?|results?|claims?|conclusions?|views?|ideas?|notions?|hypothes[ei]s|reports?|interpretations?|models?|"
    r"theor(?:y|ies)|statements?|observations?|evidence|data|stud(?:y|ies)|trials?|work|papers?|experiments?|"
    r"associations?|links?|correlations?|relationships?|interactions?|effects?|benefits?|differences?|changes?|"
    r"reductions?|increases?|decreases?|loss|losses|gains?|falls?|rises?|declines?|drops?|extensions?|improvements?|"
    r"signals?|loc(?:us|i)|variants?)"
)
_ADVERSATIVE = rf"(?:{ADVERSATIVE}|whereas|while)"
_SAYS_THAT = r"(?:report|show|found|find|argu|conclud|stat|not|suggest|indicat|sa[iy]|claim|warn|observ)\w* that"
_BEGINS = (
    rf"(?:^|[,;:.|()\[\]—–]|\b(?:{_ADVERSATIVE}|and|or|because|since|as|{_SAYS_THAT})\b)[\s*_\"“]*"
    r"(?:(?:later|since|then|now|also|however|thus|even|still|subsequently|\w+ly),? ){0,2}"
)
# No word of a subject before its noun: "the mechanism of this effect" is a mechanism.
_WORDS = (
    r"(?:(?!(?:of|in|from|for|with|by|to|at|on|between|among|behind|under|whose|whether|if|how|why|when|what)\b)"
    r"[\w'’-]+ ){0,5}?"
)
_AUXILIARY = (
    r"(?:\s+(?:has|have|had|could|can|may|might|would|will|is|are|was|were|be|been|being|remains?|also|since|later|now|"
    r"then|still|never|recently|much|since then|\w+ly)){0,5}"
)
_WHAT_IS_STATED = rf"(?:this|that|it|which|these|those|they|both|{_WORDS}{_STATED}\b[^,;:()]{{0,80}}?)"
# Nothing stands before "but could not be confirmed".
_SUBJECT_STATES = re.compile(rf"{_BEGINS}(?:{_WHAT_IS_STATED})?{_AUXILIARY}\s*$", re.IGNORECASE)
_SUBJECT_IS_SOURCE = re.compile(
    rf"{_BEGINS}(?:we|they|who|which|that|others|{SOURCE}\b[^,;:()]{{0,80}}?|{_WORDS}(?:GWAS|MR|randomi[sz]ation|"
    rf"replications?|reanalys[ei]s|cohorts?|biobank|consortium|groups?)\b[^,;:()]{{0,60}}?|{PEOPLE}|{NAME})?{_AUXILIARY}\s*$",
    re.IGNORECASE,
)
_END = r"[\s\[(^*_]*$"
_POINTS = re.compile(
    rf"\s+(?:(?:all|both|each|most|some|many|much|two|three|several) (?:of )?)?(?:{POINTED_AT}|"
    r"(?:earlier|previous|prior|original|other|published) |"
    rf"(?:{_STATED}) (?:of|by|from|that|in|on)\b|(?-i:[A-Z][a-z])|{PEOPLE})|{_END}|\s*[,;:.)—–]",
    re.IGNORECASE,
)
_HAPPENS = re.compile(rf"\s+(?:an? |any |the |its |their )?(?:[\w-]+ ){{0,2}}?{_STATED}\b", re.IGNORECASE)
# Another idea than the statement may be refuted: "which refutes the idea that it rises".
_OWN_CONTENT = re.compile(r"\s+(?:[\w-]+ ){1,4}?that\b", re.IGNORECASE)
_PURPOSE = re.compile(
    r"(?<!seems )(?<!seem )(?<!seemed )(?<!appears )(?<!appear )(?<!appeared )(?<!found )(?<!shown )(?<!said )"
    r"\bto (?:\w+ly )?$",
    re.IGNORECASE,
)
_CONTRADICTS = re.compile(r"(?:contradict|refut|disput|disprov|rebut)(?P<done>\w*e[dn])?", re.IGNORECASE)
# Behind a participle that is none of an adjective: "the disputed role".
_NO_NOUN = re.compile(
    r"\s*(?:$|[.,;:()\[\]—–*_^|]|(?:by|in|since|later|again|recently|elsewhere|on|for|as|at|with|from|and|or|but|although|"
    r"though|because|after|when|using|even|many|several|twice|until|too|also|however|here|today|\d+|\w+ly)\b)",
    re.IGNORECASE,
)
_OPEN_QUESTION = re.compile(r"\s+(?:whether|if|how|why|what|when|which|where|to what)\b", re.IGNORECASE)
_REPEATS = re.compile(r"(?:replicate|reproduce|confirm)(?:e?d)?(?: (?:by|in))?$", re.IGNORECASE)
_PASSIVE = re.compile(r"\bbe(?:en)? |^(?:was|were|is|are) not (?:\w+ly )?\w+ed$|^not \w+ed ", re.IGNORECASE)
# Somebody tried to find again whatever it is that was not confirmed.
_BY_ANOTHER = re.compile(
    rf"\s*(?:by|in)\s+(?:the |an? )?\(?(?:{PEOPLE}|others?\b|another\b|(?:two|three|several|later|larger|subsequent|"
    r"second|third|independent|new|newer|further|different|replication|validation|follow-up) "
    rf"{SOURCE}\b)",
    re.IGNORECASE,
)
# Nobody has done yet what may be done, and what speaks against the contrary speaks for the statement.
_MAY = re.compile(
    r"\b(?:would|could|can|may|might|will|should)(?: (?:have|be|been|later|also|or|\w+ly|\w+ or)){0,3} $", re.IGNORECASE
)
_IF = re.compile(r"\b(?:if|unless|whether)\b[^,;]*$", re.IGNORECASE)
_THE_CONTRARY = re.compile(
    r"\b(?:contrary|opposite|alternative|opposing|objections?|critic\w*)\b[^,;]*$", re.IGNORECASE
)
_NULL = re.compile(r"\s+(?:[\w-]+ ){0,2}?(?:null (?:hypothesis|model)|[\w-]+ of no)\b", re.IGNORECASE)
_SUBJECT_THAT = re.compile(rf"\b{_STATED} that [^,;]*$", re.IGNORECASE)
_CONTRADICTORY = re.compile(r"contradictory ", re.IGNORECASE)
_GIVES = re.compile(
    rf"(?:\b(?:g[ai]ve[sn]?|yield(?:s|ed)?|report(?:s|ed)?|obtain(?:s|ed)?|f[io]u?nds?|produc(?:es?|ed)|show(?:s|ed)?|"
    rf"publish(?:ed)?|provid(?:es?|ed)|present(?:s|ed)?|is|are|was|were|despite)(?: \w+){{0,2}} |{_BEGINS})$",
    re.IGNORECASE,
)
_WERE_GIVEN = re.compile(r"\s+(?:was|were|has been|have been|exists?|came|comes?)\b", re.IGNORECASE)
# "Could not be confirmed to bind", "that it binds": of what is said behind.
_OF_ITS_OWN = re.compile(r"\s+(?:to|that|whether|if|how|why|what|which|where)\b", re.IGNORECASE)


def is_directed(before: str, words: str, behind: str, *, follows: bool) -> bool:
    """Tell whether words of contradiction are directed at a statement, or at what another work found.

    Args:
        before: what stands before them in their part of the sentence.
        words: of contradiction.
        behind: what stands behind them, up to the mark.
        follows: whether a citation of the claim stands before.

    >>> is_directed("but this is ", "disputed", " by others", follows=True)
    True
    >>> is_directed("but the mechanism is ", "disputed", "", follows=True)
    False
    """
    if _IF.search(before) or _THE_CONTRARY.search(before):
        return False
    if _CONTRADICTORY.match(words):
        return bool(_GIVES.search(before) or _WERE_GIVEN.match(behind))
    if words.lower().endswith(" with"):
        return _POINTS.match(behind) is not None
    if (found := _CONTRADICTS.match(words)) is not None:
        return _contradicts(before, behind, is_done=found["done"] is not None, follows=follows)
    return not _REPEATS.search(words) or _repeats(before, words, behind)


def _contradicts(before: str, behind: str, *, is_done: bool, follows: bool) -> bool:
    if any(one.search(before) for one in (_PURPOSE, _MAY)) or any(one.match(behind) for one in (_OPEN_QUESTION, _NULL)):
        return False
    points = _POINTS.match(behind)
    if points and points.group().strip(" \n[(^*_,;:.)—–"):
        return not (follows and _OWN_CONTENT.match(behind)) or ADVERSE_OR_WHILE.match(before) is not None
    if is_done:
        if follows and _SUBJECT_THAT.search(before) and not ADVERSE_OR_WHILE.match(before):
            return False
        return _NO_NOUN.match(behind) is not None and _SUBJECT_STATES.search(before) is not None
    return points is not None


def _repeats(before: str, words: str, behind: str) -> bool:
    if _PASSIVE.search(words):
        # A diagnosis may be confirmed; only what was seen before is reproduced.
        if "onfirm" not in words:
            return True
        if _OF_ITS_OWN.match(behind):
            return False
        ends = f"{words[-3:]}{behind}" if words.endswith((" by", " in")) else behind
        return _BY_ANOTHER.match(ends) is not None or _SUBJECT_STATES.search(before) is not None
    if not _POINTS.match(behind) and not _HAPPENS.match(behind):
        return _SUBJECT_STATES.search(before) is not None and _NO_NOUN.match(behind) is not None
    # A biopsy may confirm, a drug reproduce.
    return _SUBJECT_IS_SOURCE.search(before) is not None or _SUBJECT_STATES.search(before) is not None
