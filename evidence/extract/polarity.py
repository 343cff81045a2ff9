"""What the words around a citation say of how the work bears on the claim. Silence supports."""

from __future__ import annotations

import re

from evidence.extract.clauses import may_name_people, names_a_paper
from evidence.extract.directed import is_directed
from evidence.extract.subjects import NAME, PEOPLE, SOURCE, disagree, finds_nothing
from evidence.vocabulary import Polarity

# What is challenged where a view is: not mice, not the immune system.
_VIEW = (
    r"(?:findings?|results?|claims?|conclusions?|views?|ideas?|notions?|hypothes[ei]s|reports?|interpretations?|models?|"
    r"assumptions?|concepts?|paradigms?|dogmas?|theor(?:y|ies)|beliefs?|narratives?|premises?|consensus|evidence|"
    r"propositions?|proposals?|explanations?|associations?|links?|observations?|statements?|wisdom|framing|picture|accounts?)"
)
# The verb, not the noun: "the challenges this model faces", "a challenge", "mice challenged with LPS", "to challenge".
# What is said by the way of a result ("..., challenging the idea") leaves the result itself supported.
_CHALLENGES = (
    r"(?:(?<!the )(?<!these )(?<!those )(?<!many )(?<!several )(?<!some )(?<!major )(?<!main )(?<!key )(?<!of )"
    r"(?<!few )(?<!other )(?<!remaining )challenges|challenged|"
    r"(?:(?!this\b|thus\b|previous\b|serious\b|various\b)\w+s|data|they|may|might|could|would|also|which) "
    r"(?:\w+ly )?challenge) "
    rf"(?:(?:this|that|these|those|the|its|their|his|her|our|such|any|an?) (?:\S+ ){{0,3}}?{_VIEW}\b"
    r"(?! (?:with|by|faces?|poses?|presents?|animals?|mice|organisms?|systems?)\b)|"
    r"(?:it|this|whether|[A-Z][\w'’-]+(?: et al\.?)?,? \(?(?:19|20)\d\d\)?)\s*$)"
)
# A work that contrasts is said to have done so. "Challenge" and "contradictory" alone mean too much else: a dose, a
# fat-rich meal, the name of a tag.
_CONTRASTS = re.compile(
    rf"\b{_CHALLENGES}|"
    r"\b(?:contradict(?:s|ed|ing)?|refut(?:es?|ed|ing)|disput(?:es|ed|ing)|disprov(?:es?|ed|en|ing)|"
    r"rebut(?:s|ted|ting)|contradictory (?:results?|findings?|data|evidence)|"
    rf"(?:{_VIEW} (?:(?!never|not|hardly|rarely)\w+ ){{0,3}}|(?:this|it|which) (?:has |have )?)"
    r"(?:was|were|is|are|been) "
    r"(?:(?!never|not|hardly|rarely)\w+ )?challenged"
    r"(?! (?:with|orally|intra\w+|every|daily|again)\b)|"
    r"(?:fail(?:s|ed|ing)?|unable) to (?:be )?(?:replicated?|reproduced?|confirm(?:ed)?)|"
    r"(?:did|does|do|could|has|have|was|were|is|are) not (?:be |been )?(?:\w+ly )?"
    r"(?:replicated?|reproduced?|confirm(?:ed)?)|"
    r"not (?:replicated|reproduced|confirmed) (?:by|in)|"
    r"(?:replicate|reproduce|confirm)(?:e?d)? neither (?:of|findings?|results?|effects?|claims?|associations?)|"
    r"disagree[sd]? with(?! (?:each|one another)\b)|attempts? to (?:replicate|reproduce|confirm) (?:\S+ ){0,4}failed|"
    r"replication attempts? (?:\S+ ){0,4}failed|failed replication (?:attempts?|stud(?:y|ies)|trials?)|"
    rf"call(?:s|ed)? (?:this|it|that|these|the (?:\S+ ){{0,3}}{_VIEW}) into (?:question|doubt)|"
    rf"casts? doubt on (?:this|it|that|these|the (?:\S+ ){{0,3}}{_VIEW}))\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:(?:not|never|no|none|without|nor|neither|rarely|seldom|hardly|cannot|rather than|insufficient|"
    r"unlikely)\s+(?:\w+\s+){0,2}|"
    r"(?:nothing|nobody|none of|no one)\s+(?:\w+\s+){0,5}|"
    # "No later study of this kind has".
    rf"no\s+(?:[\w-]+\s+){{0,3}}{SOURCE}\s+(?:[\w-]+\s+){{0,6}})$",
    re.IGNORECASE,
)
# Cells replicate and animals reproduce: of results it is said where one is named, or pointed at.
_REPEATS = re.compile(r"(?:replicate|reproduce)d?$", re.IGNORECASE)
_OF_RESULTS = re.compile(
    rf"\b(?:{_VIEW}|effects?|benefits?|stud(?:y|ies)|trials?|cohorts?|groups?|labs?|laborator(?:y|ies)|attempts?|work|"
    r"meta-analys[ei]s|GWAS|datasets?|samples?|reductions?|increases?|signals?|loc(?:us|i)|variants?|experiments?|papers?|"
    r"authors?|others|we|et al)\b|^ (?:this|it|that|these|those|them|the|its|their|our|any)\b|"
    r"^ by \(?(?-i:[A-Z])|\b(?:it|this|these|those|they|which) $",
    re.IGNORECASE,
)
_CLAUSE_END = r"(?=[\s*_]*(?:$|[.,;:()\[]))"
_SINCE = r" (?:since|later|again|afterwards|thereafter|elsewhere|by (?:others|another \w+|any\w*))"
# A clause behind another citation whose subject is what that one closes: "it rises,[^a] but could not be replicated".
_OF_THE_STATEMENT = re.compile(
    r"[\s,;.()\]>*_]*(?:(?:but|yet|and|although|though|however|which|that|this|it|later|since|then|subsequently)\b,?\s*){0,3}"
    r"(?:(?:could|can) not (?:be )?|(?:was|were|is|are) (?:not|never) |fail(?:s|ed) to be |(?:was|were) unable to be )"
    r"(?:\w+ly )?(?:replicated|reproduced)\b|"
    r"\s*[(;—–]\s*(?:later )?(?:not (?:\w+ly )?(?:replicated|reproduced)|fail(?:s|ed) to replicate)\b|"
    # The verb is left out: "though not replicated", "never reproduced since".
    rf"[\s,;.()\]>*_]*(?:(?:but|yet|and|although|though|however|later|since|then|subsequently)\b,?\s*){{0,3}}"
    rf"(?:not (?:\w+ly )?(?:replicated|reproduced)(?:{_SINCE})?|never (?:\w+ly )?(?:replicated|reproduced)(?:{_SINCE}))"
    rf"{_CLAUSE_END}"
)
# The same of what can be copied only where nothing that copies itself is named: "but failed to replicate".
_FAILED = re.compile(
    r"[\s,;.()\]>*_]*(?:(?:but|yet|although|though|however|which|it|later|since|then|subsequently)\b,?\s*){1,3}"
    rf"(?:fail(?:s|ed) to replicate(?:{_CLAUSE_END}| in (?:an?|the|two|three|later|larger)\b)|"
    rf"never (?:\w+ly )?(?:replicated|reproduced){_CLAUSE_END})"
)
_COPIES_ITSELF = re.compile(
    r"\b(?:bacteri\w*|phages?|pathogens?|parasites?|strains?|mutants?|cells?|vectors?|mice|mouse|rats?|macrophages?|"
    r"plasmodi\w*|chlamydia\w*|HIV\S*|SARS\S*|influenza|herpes\w*)(?!\w)|"
    r"\w+phages?\b",
    re.IGNORECASE,
)
_CHALLENGED = re.compile(
    r"(?:[\s,;.()\]>*_]*(?:(?:but|yet|although|though|however|since|later)\b,?\s*){0,2}"
    r"(?:has (?:since |recently |also )?been|was) (?:later |since |recently )?|\s*\((?:later |since )?)challenged"
    r"(?:\s*(?:$|[.,;:()\[])| by (?:others|another|an?|the|two|three|later|larger|several|subsequent|[A-Z][a-z])\b|"
    r" by [(\[]*$)"
)
# Mice are challenged too: of several it is said where a mark stands behind it, or what is challenged is a view.
_ARE_CHALLENGED = re.compile(
    r"[\s,;.()\]>*_]*(?:(?:but|yet|although|though|however|since|later)\b,?\s*){0,2}"
    r"(?:have (?:since |recently |also )?been|were) (?:later |since |recently )?challenged"
    rf"(?:(?P<by_mark> by [(\[]*$)|{_CLAUSE_END}| by\b)"
)
_VIEWS_OF = re.compile(rf"\b{_VIEW} (?:of|from|by|in) (?:[^.;:\n]|(?<=\bal)\.|[.:](?!\s)){{0,80}}$", re.IGNORECASE)
# What is copied in cells, of which it is said too.
_COPIED = re.compile(
    r"\b(?:[DR]NA|[Vv]irus(?:es)?|[Vv]iral|plasmids?|genomes?(?!-)|chromosomes?|telomeres?|replisomes?)\b"
)
# Nobody has tried is not that somebody tried and failed; a text that could not be had contradicts nobody.
_NOT_YET = re.compile(r"(?:has|have) not been (?:\w+ly )?\w+$", re.IGNORECASE)
_BY_SOMEBODY = re.compile(r" by (?:the )?\(?(?:[A-Z]|(?:two|three|several|later|larger|subsequent)\b)")
_NO_ACCESS = re.compile(r" (?:from|against|via|without|at time|because|due to|for lack|here|yet|so far|to date)\b")
# What is contradicted is no statement of a source.
_COMMON_BELIEF = re.compile(
    r" (?:(?:the|a|an|our|their|all|any|what) )?(?:[\w-]+ ){0,2}(?:dogmas?|wisdom|expectations?|intuitions?|textbooks?|"
    r"folklore|myths?)\b",
    re.IGNORECASE,
)
# What is said by the way of a result leaves it supported: "bone falls, which contradicts the view".
_BY_THE_WAY = re.compile(
    r",\s*(?:which |that )?(?:(?:\w+ly|thus|thereby|hence|in turn|may|might|seems to) )*$", re.IGNORECASE
)
_THE_STATEMENT = re.compile(
    r" (?:(?:this|it|that|these|those)\b(?! \w)|"
    r"(?:this|that|these|those|the (?:earlier|previous|original|first|former|initial)) "
    r"(?:claims?|findings?|results?|reports?|conclusions?|observations?)\b)"
)
_FOLLOWING = re.compile(r"(?:contradict|challeng|refut|disput|disprov|rebut)(?:ing|e?s)\b|which ", re.IGNORECASE)
# What is said by the way, of something else: "unlike FIS1, whose role is disputed, ...".
_ASIDE = re.compile(r"\b(?:which|although|though|while|despite|whereas)\b[^,]*$", re.IGNORECASE)
_OF_ANOTHER = re.compile(r"\b(?:unlike|whose)\b[^,]*$", re.IGNORECASE)
# The comma that the mark is glued to ends the clause that it closes: "although this was refuted,[^a] ...".
_COMMA_OF_MARK = re.compile(r",(?:  )?(?:<sup>)?[\[(^*_]{0,6}$")
# What a sentence sets itself against: "contrary to [^b]", "at odds with earlier reports [^b]". Mice, drugs and what
# people believe are no works; what is unlike earlier studies may differ from them in its methods.
_PAPERS = (
    r"(?:findings?|results?|reports?|claims?|conclusions?|observations?|stud(?:y|ies)|trials?|work|papers?|"
    r"data|evidence)"
)
_SURELY_AUTHORS = (
    r"(?-i:[A-Z])[\w'’-]+(?:,? (?:et al\.?|and co-?workers|and colleagues)(?:,? \(?(?:19|20)\d\d[a-z]?\)?)?|"
    r",? \(?(?:19|20)\d\d[a-z]?\)?)"
)
_BY_AUTHORS = rf"(?: (?:of|by|from|reported (?:by|in))(?: (?:{_SURELY_AUTHORS}|(?-i:[A-Z])[\w'’-]+))?)"
CONTRARY_TO = (
    r"(?:contrary to|in (?:\w+ )?contrast (?:to|with)|at odds with|inconsistent with|incompatible with|"
    r"in (?:\w+ )?(?:conflict|disagreement) with|at variance with)"
)
_BUT_NOT = re.compile(
    rf"\bbut not (?:(?:in|by)(?: {_SURELY_AUTHORS})?|according to (?:{_SURELY_AUTHORS}|(?-i:[A-Z])[\w'’-]+))[\s.,]*$",
    re.IGNORECASE,
)
# "As replicated by Brown[^b] but not by Clark": what is found again by the first of two names was by people.
_BUT_NOT_BY = re.compile(r"[\])*_^]*,? but not by (?P<name>(?-i:[A-Z][a-z])[\w'’-]+)[\s.,(\[]*$", re.IGNORECASE)
_AS_BY_PEOPLE = re.compile(
    r"\bas (?:\w+ly |first |later |also ){0,2}"
    r"(?:replicated|reproduced|reported|found|claimed|argued|described|proposed|suggested)"
    # Only names, years and marks may stand behind: not "by Smith in response to Insulin[^a] but not by Leptin".
    r"(?: (?:first|later|since))? by (?-i:[A-Z][a-z])"
    r"(?:(?!\b(?:by|to|with|of|for|on|from|after|when|that|in (?!(?:19|20)\d\d))\b)[^.;]|\bal\.){0,100}$",
    re.IGNORECASE,
)
# "Contra" is said of people and of what they hold; the side of a body is written in one word.
_OPPOSED = re.compile(
    rf"\b(?:unlike|"
    rf"(?<!-)contra:?(?: (?:{PEOPLE}|(?-i:[A-Z])[\w'’-]+|(?:[\w-]+ ){{0,3}}?{_PAPERS}{_BY_AUTHORS}?))?|"
    rf"{CONTRARY_TO}(?: (?:{_SURELY_AUTHORS}|(?:those|that){_BY_AUTHORS}|"
    rf"(?:[\w-]+ ){{0,4}}?{_PAPERS}{_BY_AUTHORS}?))?)"
    r"[\s\[(^*_.,]*$",
    re.IGNORECASE,
)
_OPPOSED_HINTS = ("contra", "unlike", "odds with", "ent with", "ible with", "ict with", "ance with")
# "A view that others dispute [^b]": of those who do, not of nobody or few. Read also by those who ask what it is about.
DISPUTED_VIEW = (
    rf"(?:an?|the|this) (?:[\w-]+ )?{_VIEW} (?:(?:that|which) )?"
    rf"(?:(?:many |some |several )?others|{PEOPLE}|{NAME}|{SOURCE})(?: (?:have|has|also|since|later|now|\w+ly)){{0,3}} "
    r"(?:disput(?:es?|ed)|challeng(?:es?|ed)|refut(?:es?|ed)|contest(?:s|ed)?|question(?:s|ed)?|reject(?:s|ed)?|"
    r"contradict(?:s|ed)?|rebut(?:s|ted)?|disprov(?:es?|ed))"
)
_ENDS_IN_DISPUTED_VIEW = re.compile(rf"(?:^|[,;:(—–])[\s*_)\]^]*{DISPUTED_VIEW}[\s\[(^*_.,]*$", re.IGNORECASE)
_DISPUTES = ("isput", "halleng", "efut", "ontest", "uestion", "eject", "ontradict", "ebut", "isprov")
# "It falls, despite a failed replication [^b]". Read also by those who ask what it is about.
FAILED_REPLICATION = (
    r"(?:(?:despite|notwithstanding|in spite of) )?(?:(?:an?|one|two|three|several|later|larger|independent) ){0,3}"
    r"(?:failed|unsuccessful) replications?(?: attempts?)?(?: by [^.;:,()]{1,40})?"
)
_ENDS_IN_FAILED_REPLICATION = re.compile(
    r"(?:[,;:(—–]|(?:^|\s)(?=(?:but|though|although|yet|however|despite|notwithstanding|in spite)\b))[\s*_)\]^]*"
    rf"(?:(?:but|though|although|yet|however|and|later),?\s+){{0,2}}{FAILED_REPLICATION}:?[\s\[(^*_.,]*$",
    re.IGNORECASE,
)
_HOW_OPPOSED = 160
_HOW_NEGATED = 80
_LONGEST_KEY = 80
# A part of a clause that the citation does not close.
_PART = re.compile(r"[;|]|\s[—–]\s|\.\s")
_MENTIONS = re.compile(
    r"\b(?:see(?: also)?|cf\.?|(?:discussed|reviewed|as cited) (?:in|by))(?=[\s([]|$)", re.IGNORECASE
)
# How far before the mark such words may stand, with the name of the paper behind them: "see also Lee 2012[^b]".
_TAIL = 160
# Each of these words holds one of these, which costs less to look for.
_MENTION_HINTS = ("see", "cf", "discussed", "reviewed", "cited")
# What stands farther from the mark says nothing of it; each of a thousand triggers would be held against all words.
_LONGEST_CLAUSE = 1000
_MOST_TRIGGERS = 8
_SUBJECT_WIDTH = 120
# A result is a subject and a verb at least.
_FEWEST_WORDS = 2


def read_polarity(text: str, start: int, mark: int, *, follows: bool = False) -> Polarity:
    """Return the polarity of the clause `text[start:mark]`, which a citation at `mark` closes.

    `follows` says that another citation of the claim stands before the clause.

    >>> clause = "A second group failed to replicate the effect "
    >>> read_polarity(clause, 0, len(clause)).value
    'contrasts'
    """
    clause = text[start:mark]
    if _has_hint(clause) and (
        _contrasts(clause, follows=follows) or (follows and _is_of_the_statement(text, start, clause))
    ):
        return Polarity.CONTRASTS
    if (
        (follows and finds_nothing(text, start, mark))
        or _is_opposed(clause)
        or ("isagree" in clause and disagree(clause))
        or _is_disputed_view(clause)
        or _is_failed_replication(clause)
    ):
        return Polarity.CONTRASTS
    before = clause[-_TAIL:].rstrip(" [(\t\r\n")
    if _only_mentions(before):
        return Polarity.MENTIONS
    if follows and "but not " in before and (_BUT_NOT.search(before) or _is_not_by_people(text, start, mark)):
        return Polarity.CONTRASTS
    return Polarity.SUPPORTS


def _only_mentions(before: str) -> bool:
    """Tell whether the words before a mark send the reader to it, with no more behind them than the paper's name."""
    if not any(map(before.lower().__contains__, _MENTION_HINTS)):
        return False
    end = max((found.end() for found in _MENTIONS.finditer(before)), default=-1)
    name = " ".join(before[end:].split())
    return end >= 0 and (names_a_paper(name) or may_name_people(name))


def _has_hint(clause: str) -> bool:
    """Tell whether a piece of every trigger stands in the clause; these looks cost less than one search for all."""
    return (
        "onfirm" in clause
        or "eplicat" in clause
        or "eproduc" in clause
        or "ontradict" in clause
        or "halleng" in clause
        or "efut" in clause
        or "isput" in clause
        or "isprov" in clause
        or "ebut" in clause
        or "isagree" in clause
        or "doubt" in clause
        or "into question" in clause
    )


def _is_disputed_view(clause: str) -> bool:
    """Tell whether a clause calls what stands before it a view that others dispute."""
    tail = clause[-_HOW_OPPOSED:]
    return any(map(tail.__contains__, _DISPUTES)) and _ENDS_IN_DISPUTED_VIEW.search(tail) is not None


def _is_failed_replication(clause: str) -> bool:
    """Tell whether a clause calls what it closes with a failed replication, and of no virus and no fork of DNA."""
    if "eplication" not in clause or not ("ailed" in clause or "nsuccessful" in clause):
        return False
    found = _ENDS_IN_FAILED_REPLICATION.search(clause[-_HOW_OPPOSED:])
    return found is not None and not (_COPIED.search(clause) or _COPIES_ITSELF.search(clause))


def _is_not_by_people(text: str, start: int, mark: int) -> bool:
    """Tell whether a clause is "but not by" a name of people: by the words before, or by the key of the mark."""
    found = _BUT_NOT_BY.fullmatch(text, start, mark)
    if found is None:
        return False
    is_in_key = found["name"].casefold() in text[mark : mark + _LONGEST_KEY].partition("]")[0].casefold()
    return is_in_key or _AS_BY_PEOPLE.search(text, max(0, start - _HOW_OPPOSED), start) is not None


def _is_opposed(clause: str) -> bool:
    """Tell whether a clause ends with words by which the statement sets itself against what the mark names."""
    tail = clause[-_HOW_OPPOSED:]
    # Each of the words holds one of these, which costs less to look for.
    if not any(map(tail.lower().__contains__, _OPPOSED_HINTS)):
        return False
    found = _OPPOSED.search(tail)
    return found is not None and not _NEGATED.search(tail[: found.start()])


def _is_of_the_statement(text: str, start: int, clause: str) -> bool:
    """Tell whether a clause says of the statement before `start` that it was challenged or not found again."""
    before = max(0, start - _SUBJECT_WIDTH)
    challenged = _ARE_CHALLENGED.match(clause)
    if _CHALLENGED.match(clause) or (challenged and (challenged["by_mark"] or _VIEWS_OF.search(text, before, start))):
        return True
    if _FAILED.match(clause):
        copies = (_COPIED, _COPIES_ITSELF)
        return not any(one.search(text, before, start) or one.search(clause) for one in copies)
    found = _OF_THE_STATEMENT.match(clause)
    if not found or _NO_ACCESS.match(clause, found.end()):
        return False
    return not (_COPIED.search(text, before, start) or _COPIED.search(clause))


def _contrasts(clause: str, *, follows: bool) -> bool:
    """Tell whether the last trigger of a clause, which is nearest to the mark, is said of what the mark closes."""
    if len(clause) > _LONGEST_CLAUSE:
        clause = clause[clause.find(" ", len(clause) - _LONGEST_CLAUSE) :]
    part = clause
    for found in _PART.finditer(clause):
        if clause[found.end() :].strip(" [(*_"):
            part = clause[found.end() :]
    triggers = [
        found
        for found in [*_CONTRASTS.finditer(part)][-_MOST_TRIGGERS:]
        if not _REPEATS.search(found.group())
        or _OF_RESULTS.search(part[: found.start()])
        or _OF_RESULTS.search(part[found.end() :])
    ]
    triggers = [found for found in triggers if _is_said_of_a_work(part, found, follows=follows)]
    if not triggers:
        return False
    before, behind = part[: triggers[-1].start()], part[triggers[-1].end() :]
    aside = "," in behind and (
        _OF_ANOTHER.search(before) or ("," in _COMMA_OF_MARK.sub("", behind) and _ASIDE.search(before))
    )
    return not (aside or before.endswith(("/", "-")) or _NEGATED.search(before[-_HOW_NEGATED:]))


def _is_said_of_a_work(part: str, trigger: re.Match[str], *, follows: bool) -> bool:
    """Tell whether a trigger contradicts what a work states, and is more than what a result means by the way."""
    before, behind = part[max(0, trigger.start() - _SUBJECT_WIDTH) : trigger.start()], part[trigger.end() :]
    if _NO_ACCESS.match(behind) or _COMMON_BELIEF.match(behind):
        return False
    if _NOT_YET.search(trigger.group()) and not _BY_SOMEBODY.match(behind):
        return False
    if not is_directed(part[: trigger.start()], trigger.group(), behind, follows=follows):
        return False
    if not _FOLLOWING.match(trigger.group()) or (follows and _THE_STATEMENT.match(behind)):
        return True
    aside = _BY_THE_WAY.search(before)
    return not aside or len(before[: aside.start()].split()) < _FEWEST_WORDS
