"""Marks that are the subject of their clause: "bone falls,[^a] but [^b] failed to replicate it"."""

from __future__ import annotations

import re

Span = tuple[int, int]

# What a verb of contradiction points at: the statement, not mice, not a dogma.
POINTED_AT = (
    r"(?:this|that|these|those|it|them|the (?:same|former|latter)|such)\b|"
    r"(?:the|its|their|his|her|any|an?|earlier|previous|prior|original|[A-Z][\w'’-]+(?: et al\.)?['’]s?) "
    r"(?:[\w-]+ ){0,3}?(?:findings?|results?|claims?|conclusions?|views?|ideas?|notions?|hypothes[ei]s|reports?|"
    r"interpretations?|models?|associations?|links?|observations?|statements?|effects?|benefits?|accounts?|evidence|"
    r"stud(?:y|ies)|trials?|work|papers?|theor(?:y|ies)|data|reductions?|increases?|loss|gains?|falls?|rises?|"
    r"declines?|decreases?|extensions?)\b"
)
_EFFECT = (
    r"(?:(?:significant|clear|similar|comparable|consistent|measurable|overall) )?"
    r"(?:effects?|associations?|benefits?|differences?|changes?|evidence|reductions?|increases?|loss|gains?|links?|"
    r"correlations?|improvements?|signals?|falls?|rises?|declines?|decreases?|drops?|extensions?)\b"
)
_CLAUSE_END = r"(?: (?:of|for|on) (?:this|it|that))?(?=[\s*_]*(?:[.,;:()\[\]]|$))"
_SEES = r"(?:find|see|observe|detect|show)"
# What is not found is said of the statement where it is pointed at, or where the clause has no scope of its own.
_POINTING_NULL = (
    rf"(?:found|finds?|saw|sees?|observed?|reports?|reported|detected|showed|shows?) no such\b|"
    r"(?:found|finds?|saw|sees?|observed?|reports?|reported|showed|shows?) the opposite\b"
    r"(?! (?:sex|strand|pole|side)\b)|"
    rf"(?:did|does|do|could) not {_SEES} (?:(?:this|it|such)\b(?! (?:as|was|were|is|are|had|has)\b)|that{_CLAUSE_END})|"
    rf"(?:failed|fails?|(?:was|were) unable) to {_SEES} (?:(?:this|it|such)\b|that{_CLAUSE_END})|"
    r"(?:found|finds?|saw|sees?|observed?|reports?|reported) nothing of the (?:kind|sort)\b"
)
_NONE = r"(?:found|finds?|saw|sees?|observed?|reports?|reported|detected) (?:none|nothing)"
_BARE_NULL = (
    rf"{_NONE}|(?:found|finds?|saw|sees?|observed?|reports?|reported|detected|showed|shows?) no {_EFFECT}|"
    rf"(?:(?:did|does|do|could) not|(?:failed|fails?|(?:was|were) unable) to) {_SEES} (?:an? |any |the ){_EFFECT}"
)
_REPEATS = (
    r"(?:(?:failed|fails?|(?:was|were|is|are) (?:\w+ly |later )?unable) to|(?:did|does|do|could|can|has|have) not|"
    r"cannot|couldn['’]t|didn['’]t) (?:\w+ly )?(?:replicated?|reproduced?|confirm(?:ed)?)\b"
)
_OPPOSES = (
    r"(?:contradict|challenge|dispute|refute|disprove|rebut|question|overturn)(?:t?ed|d|s)? "
    rf"(?:{POINTED_AT})|disagree[sd]?\b(?: with (?:{POINTED_AT}))?"
    r"(?! (?:on|about|over|that|with|by|in|between|among|across|as|whether|how|up)\b)|"
    rf"call(?:s|ed)? (?:{POINTED_AT}) into (?:question|doubt)|casts? doubt on (?:{POINTED_AT})|"
    r"(?:is|was|reports?|reported) (?:an? |the )?(?:failed|unsuccessful) "
    r"(?:replication|attempt to (?:replicate|reproduce))\b"
)
_LEFT_OUT = r"(?:did|does|do|could|can|was|were|has|have|had) not"
# Of a mark's own: it can be nobody's cell or virus.
_OWN_VERB = re.compile(
    r"(?:</\w+>)?[\]\[()^*_>]*,?\s(?!\s)(?:(?:also|however|later|then|since|instead),? |\w+ly,? |has |have )?"
    rf"(?:(?P<opposes>{_OPPOSES}|{_REPEATS} (?:{POINTED_AT})|{_POINTING_NULL})|(?P<repeats>{_REPEATS})|"
    rf"(?P<bare>(?:{_BARE_NULL}){_CLAUSE_END})|"
    # What "a finding that" or "which" stands before.
    r"(?P<relative>(?:contradict|challenge|dispute|refute|disprove|rebut)(?:ed|d|s)?(?=[\s*_]*(?:[.,;:()]|$)))|"
    # The work that is contradicted is a mark too.
    r"(?P<work>(?:contradict|challenge|dispute|refute|disprove|rebut)(?:ed|d|s)?(?= [\[(]*(?:\^|\[|https?:)))|"
    # Its own verb is left out, as in "bone falls,[^a] but [^b] did not".
    rf"(?P<left_out>{_LEFT_OUT}{_CLAUSE_END}))"
)
ADVERSATIVE = r"(?:but|yet|however|although|though|nevertheless|nonetheless|conversely)"
_OPENING = rf"(?:(?:{ADVERSATIVE}|and|while|whereas|then|later|also|only)\b,?\s*)*"
_BOUNDARY = rf"(?:^|[,;:.(|]|\s[—–-]\s|\b(?:{ADVERSATIVE}|and|while|whereas)\b)[\s>#*_(-]*{_OPENING}"
_BARE_HEAD = re.compile(rf"{_BOUNDARY}[\s\[(^*_]*$", re.IGNORECASE)
SOURCE = (
    r"(?:(?!(?:no|none|neither|few|hardly|if|whether|that)\b)[\w'’-]+ ){0,6}?"
    r"(?:trials?|stud(?:y|ies)|groups?|labs?|laborator(?:y|ies)|teams?|cohorts?|meta-analys[ei]s|analys[ei]s|authors?|"
    r"RCTs?|reviews?|papers?|reports?|replications?|attempts?|experiments?|investigators|researchers|others|data|"
    r"results?|colleagues|work)"
)
NAME = (
    r"(?!(?:if|whether|when|unless|that|no|nor|neither|nothing|few|none)\b)(?-i:[A-Z])[\w'’-]+"
    r"(?:,? (?:et al\.?|and co-?workers|(?:and|&) (?-i:[A-Z])[\w'’-]+))?(?:,? \(?(?:19|20)\d\d[a-z]?\)?)?"
)
# Whose name cannot be that of a gene or drug.
PEOPLE = (
    r"(?-i:[A-Z])[\w'’-]+(?:(?: (?:and|&) (?-i:[A-Z])[\w'’-]+)?,? \(?(?:19|20)\d\d[a-z]?\)?|"
    r",? (?:et al\.?|(?:and|&) (?:co-?workers|colleagues))(?:,? \(?(?:19|20)\d\d[a-z]?\)?)?)"
)
# A paper itself, and not those who were studied in it: "but men in the trial did not".
_PAPER = (
    r"(?:(?!(?:in|of|from|on|with|at|by|who|whose|no|none|neither|few|hardly|if|whether|that)\b)[\w'’-]+ ){0,4}?"
    r"(?:trials?|stud(?:y|ies)|meta-analys[ei]s|RCTs?|papers?|reports?|labs?|laborator(?:y|ies)|investigators)"
)
_PAGE = r"\[\[[^\[\]\n]{1,200}\]\]"
_NAMED_HEAD = re.compile(rf"{_BOUNDARY}(?:{SOURCE}|{NAME}|{_PAGE})[\s\[(^*_]*$", re.IGNORECASE)
_PAPER_HEAD = re.compile(rf"{_BOUNDARY}(?:{_PAPER}|{PEOPLE}|{_PAGE})[\s\[(^*_]*$", re.IGNORECASE)
_WORKERS = (
    r"(?:(?:two|three|four|several|many|other|later|independent|larger|the same|an|another|at least) ){0,3}"
    r"(?:groups?|labs?|laborator(?:y|ies)|teams?|others|authors|cohorts?)"
)
_RELATIVE_HEAD = re.compile(
    rf"\b(?:which|that)(?: (?:{_PAPER}|{PEOPLE}|{_WORKERS}|{_PAGE}))?[\s\[(^*_]*$", re.IGNORECASE
)
_NAMED_PEOPLE = re.compile(rf"{PEOPLE}[\s\[(^*_,]*")
# A mark glued to the stop before it closes what stands before the stop.
_GLUED = re.compile(r"[.,;:!?][\[(^*_]*$")
_JOINED = re.compile(
    r"[\s,\[\]()^*_]*(?:(?:and|&|or|as well as)(?: in| by)?)?[\s\[(^*_]*"
    rf"(?:{NAME}[\s\[(^*_]*)?"
)
_SUBJECTS = tuple(re.compile(rf"[\s*_]*{one}", re.IGNORECASE) for one in (PEOPLE, SOURCE, NAME))
_DISAGREE_TOGETHER = re.compile(r"disagree", re.IGNORECASE)
_AND_HEAD = re.compile(rf"\b(?:and|&)\s+(?:{PEOPLE}|{NAME})?[\s\[(^*_]*$")
_REACH = 160
_TOLD_APART = (
    rf"(?:{PEOPLE}|(?:(?:an?|one|two|three|four|several) )?"
    r"(?:(?:later|larger|bigger|second|third|another|other|independent) )*"
    r"(?:trials?|stud(?:y|ies)|groups?|labs?|meta-analys[ei]s))"
)
# "But a larger trial found no effect": of a source, with nothing that narrows it.
# "While", "whereas" and a semicolon only set two things side by side: those who find nothing must be told apart.
_SOURCE_FINDS_NOTHING = re.compile(
    rf"(?:[\s,;)\].>]*(?:{_OPENING})\b(?:{ADVERSATIVE}|(?:while|whereas)(?= (?:others|{_TOLD_APART})\b))\b,?\s+|"
    rf"[)\]>^*_]*;\s+(?={_TOLD_APART}\s))(?:"
    rf"(?:{SOURCE}(?: to date| so far)?|{PEOPLE}|{NAME}(?! (?:\w+ )?show))\s+(?:later |since |then |also )?"
    rf"(?:(?P<bare>{_BARE_NULL}){_CLAUSE_END}[\s.,;:()\[\]^*_]*$|{_POINTING_NULL})|"
    rf"(?:{_PAPER}|{PEOPLE})\s+{_LEFT_OUT}[\s.,;:()\[\]^*_]*$)",
    re.IGNORECASE,
)
_ADVERSE = re.compile(rf"[\s,;()\].>]*\b{ADVERSATIVE}\b", re.IGNORECASE)
ADVERSE_OR_WHILE = re.compile(rf"[\s,;()\].>]*\b(?:{ADVERSATIVE}|while|whereas)\b", re.IGNORECASE)
# Of what is looked for, or not there, "none" says no more.
_FINDS_NONE = re.compile(rf"\b{_NONE}\b", re.IGNORECASE)
_LOOKS_OR_DENIES = re.compile(
    r"\b(?:no|not|never|none|neither|nor|without|few|fewer|rare|rarely|hardly|absent|lack\w*|whether|"
    r"(?:look|search|screen|test|check)\w* for|sought|ask\w*|assess\w*|examin\w*)\b|n['’]t\b",
    re.IGNORECASE,
)
# What says that nothing is there agrees with those who find nothing: "it has no effect,[^a] but [^b] found no effect".
_NO_EFFECT = (
    r"(?:an? |any )?(?:(?:significant|clear|overall) )?"
    r"(?:effects?|benefits?|harms?|changes?|differences?|links?|associations?|correlations?|evidence|influence|impact)\b"
)
_DENIES = re.compile(
    r"\b(?:(?<!with )no(?! less\b| more than\b| matter\b| doubt\b)|(?<!or )not(?! (?:only|just|merely|least)\b)|cannot|"
    rf"never(?!theless)|rarely|seldom|hardly|barely|of (?:little|limited|no) (?:use|benefit|value|effect)|"
    r"little (?:effect|benefit|evidence|change|impact|influence)|vanish(?:es|ed)|disappear(?:s|ed)|"
    rf"none|neither|nor|nobody|without {_NO_EFFECT}|lack(?:s|ed|ing)?(?: of)? {_NO_EFFECT}|"
    r"fail(?:s|ed|ing)? to|(?:is|are|was|were|remain(?:s|ed)?|be|been) (?:\w+ly )?"
    r"(?:unaffected|unaltered|unchanged|unrelated|ineffective|harmless|useless))\b|n['’]t\b",
    re.IGNORECASE,
)
# What denies the words of a citation before it is no statement: "it falls,[^a] but [^b] did not, and neither ...".
_ANSWERS = re.compile(
    rf"[\])>\d][\s,;.*_^)]*(?:\b(?:{ADVERSATIVE}|while|whereas|which|an? \w+ that)\b|[(—–]\s*(?:\w+ )?not\b)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<!\bal)[.!?;|]\s|\n\n")
# Trials disagree with each other; those that are told apart from the first disagree with it. One name is of people.
_APART = (
    r"(?:others?|another|early|earlier|previous|prior|older|later|newer|recent|subsequent|further|larger|bigger|independent|different|most|some|several|"
    r"many)"
)
_OTHERS_DISAGREE = re.compile(
    rf"{_BOUNDARY}(?:others|(?<!and ){PEOPLE}|(?:[\w-]+ ){{0,3}}?{_APART} (?:[\w-]+ ){{0,2}}?{SOURCE}|"
    rf"(?:an?|one) {SOURCE}(?= disagree[sd]\b)|(?<!and )(?-i:[A-Z])[\w'’-]+(?= disagree[sd]\b))"
    r"(?:,? (?:also|later|since|have|has|however|\w+ly),?){0,2} disagree[sd]?(?: \w+ly)?"
    rf"(?: with (?:{POINTED_AT}))?(?:,? (?:\w+ing|because|since)\b[^.,;:()]*)?[\s.,;:()\[\]^*_]*$",
    re.IGNORECASE,
)
# Of two that are named it is known that they tried; of no study at all only where it says that none could.
_AFFIRMS = (
    r"(?:(?:could|can|did|(?:was|were) able to) )?(?:"
    rf"(?P<repeats>(?:replicate|reproduce|confirm)(?:d|ed|s)? (?:{POINTED_AT}))|"
    r"(?P<finds>found|finds?|saw|sees?|observed?|reported|detect(?:ed)?) "
    rf"(?:(?:this|it)\b(?! (?:as|was|were|is|are|had|has)\b)|(?:an? |any |the |such (?:an? )?)?{_EFFECT}{_CLAUSE_END}))"
)
_ABLE = (
    rf"(?:could|(?:was|were|has been|have been) able to|managed to) (?:replicate|reproduce|confirm) (?:{POINTED_AT})"
)
_NEITHER = re.compile(rf"\bneither(?:\s+(?:{PEOPLE}|{NAME}))?[\s\[(^*_]*$", re.IGNORECASE)
_NOR = re.compile(rf"[\])^*_]*,?\s+nor(?:\s+(?:{PEOPLE}|{NAME}))?[\s\[(^*_]*")
_NEITHER_AFFIRMS = re.compile(rf"[\])^*_]*,? (?:{_AFFIRMS})")
_NOBODY_HINTS = ("either ", "could ", "able to ", "managed to ")
_NOBODY_AFFIRMS = re.compile(
    rf"{_BOUNDARY}(?:neither (?:{NAME} nor {NAME}|(?:of (?:the |these |those )?)?{SOURCE}) (?:{_AFFIRMS})|"
    rf"(?:(?:no|none of(?: the| these| those)?) {SOURCE}|nobody(?: else)?|no one(?: else)?) {_ABLE})"
    r"[^.,;:]{0,80}[\s.,;:()\[\]^*_]*$",
    re.IGNORECASE,
)


def finds_nothing(text: str, start: int, mark: int) -> bool:
    """Tell whether the clause `text[start:mark]` behind another citation says that a source found nothing of the kind.

    >>> [finds_nothing(text, 0, len(text)) for text in (", but a trial found no effect.", ", but it had no effect.")]
    [True, False]
    """
    clause = text[max(start, mark - _REACH * 2) : mark]
    # Each of the words holds one of these, which costs less to look for.
    nobody = any(map(clause.__contains__, _NOBODY_HINTS)) and _NOBODY_AFFIRMS.search(clause)
    if nobody:
        return not (nobody["finds"] and denies(text, start))
    is_set_beside = ADVERSE_OR_WHILE.match(text, start, mark) or text.find(";", start, min(start + 8, mark)) >= 0
    found = is_set_beside and _SOURCE_FINDS_NOTHING.match(clause)
    if not found or (found["bare"] and denies(text, start)):
        return False
    return not (_FINDS_NONE.search(clause) and _looks_or_denies(text, start))


def disagree(clause: str) -> bool:
    """Tell whether a clause says that others disagree, and not that they do with each other or on a size.

    >>> disagree(", but two later trials disagree."), disagree(", but the raters disagree.")
    (True, False)
    """
    return _OTHERS_DISAGREE.search(clause[-_REACH * 2 :]) is not None


def find_neither_verb(text: str, start: int, first: Span, second: Span) -> re.Match[str] | None:
    """Return the words behind two marks of which neither does what they say: "neither [^b] nor [^c] confirmed this".

    Args:
        text: of the page.
        start: where the clause begins that the first mark closes.
        first: from where to where the first mark stands.
        second: the same of the second.
    """
    if not _NOR.fullmatch(text, first[1], max(first[1], second[0])):
        return None
    if not _NEITHER.search(text, max(start, first[0] - _REACH), first[0]):
        return None
    verb = _NEITHER_AFFIRMS.match(text, second[1])
    return None if verb is not None and verb["finds"] and denies(text, start) else verb


def _looks_or_denies(text: str, start: int) -> bool:
    """Tell whether the statement that ends at `start` looks for something, or says that it is not there."""
    return _LOOKS_OR_DENIES.search(_read_statement(text, start)) is not None


def denies(text: str, end: int) -> bool:
    """Tell whether the statement that ends at `end` says that something is not so, with which to find nothing agrees.

    >>> denies("Klotho has no effect,", 21), denies("Klotho not only falls,", 22)
    (True, False)
    """
    said = _read_statement(text, end)
    answer = _ANSWERS.search(said)
    return _DENIES.search(said, 0, answer.start() if answer else len(said)) is not None


def _read_statement(text: str, end: int) -> str:
    said = text[max(0, end - _REACH) : end]
    ends = [found.end() for found in _SENTENCE_END.finditer(said)]
    return said[ends[-1] if ends else 0 :]


def has_own_verb(text: str, end: int) -> re.Match[str] | None:
    """Return the words of contradiction directly behind a mark, if there are any."""
    return _OWN_VERB.match(text, end)


def opens_with_verdict(words: str) -> bool:
    """Tell whether words begin with a source or people who contradict or find nothing.

    >>> opens_with_verdict("Lee failed to replicate this"), opens_with_verdict("Why the loss failed to replicate")
    (True, False)
    """
    sources = (one.match(words) for one in _SUBJECTS)
    return any(source and has_own_verb(words, source.end()) for source in sources)


def names_people(words: str) -> bool:
    """Tell whether words are those who wrote a paper, which no gene and no drug can be.

    >>> names_people("Lee 2012 ("), names_people("Lee et al."), names_people("Metformin")
    (True, True, False)
    """
    return _NAMED_PEOPLE.fullmatch(words) is not None


def is_subject(text: str, start: int, begin: int, verb: re.Match[str], *, follows: bool) -> bool:
    """Tell whether the mark at `begin`, whose clause begins at `start`, is the subject of the verb behind it.

    >>> text = "Bone falls,[^a] but [^b] contradicts this."
    >>> is_subject(text, 15, 20, has_own_verb(text, 24), follows=True)
    True
    """
    head = text[max(start, begin - _REACH) : begin]
    is_bare = _BARE_HEAD.search(head) is not None and not _GLUED.search(head)
    if _DISAGREE_TOGETHER.fullmatch(verb["opposes"] or "") and (
        _AND_HEAD.search(head) or (" and " in text[begin : verb.start()] and not _ADVERSE.match(text[start:begin]))
    ):
        # "The estimates of Lee[^a] and Park[^b] disagree", with each other.
        return False
    if verb["left_out"]:
        return (
            follows
            and ADVERSE_OR_WHILE.match(text[start:begin]) is not None
            and (is_bare or bool(_PAPER_HEAD.search(head)))
        )
    if verb["bare"]:
        if not follows or not _ADVERSE.match(text[start:begin]) or not (is_bare or _NAMED_HEAD.search(head)):
            return False
        return not (_FINDS_NONE.search(verb.group()) and _looks_or_denies(text, start))
    if verb["relative"] or verb["repeats"]:
        return (is_bare and not verb["relative"]) or _RELATIVE_HEAD.search(head) is not None
    return is_bare or _NAMED_HEAD.search(head) is not None


def are_joined(between: str) -> bool:
    """Tell whether what stands between two marks only joins them: "[^a] and [^b]"; what is in brackets ends with them.

    >>> are_joined("] and ["), are_joined("), and ")
    (True, False)
    """
    return (")" not in between or "(" in between) and _JOINED.fullmatch(between) is not None
