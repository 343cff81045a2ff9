"""The ends of an interval, which are written as marks of references are: "95% CI [1, 2]", "range [3, 7]"."""

from __future__ import annotations

import re

_VERB = r"(?:of|was|is|were|are|being|from|spans|spanned|covers|covered)"
# What is called an interval.
_NAMED = re.compile(
    r"(?:(?:(?<![^\W_])(?:CI|CrI|HDI|HPDI|IQR|UI)(?:s|95)?"
    r"|(?<![^\W_])(?i:confidence|credible|credibility|uncertainty|prediction|tolerance|interquartile) "
    r"(?:interval|range|limit|bound)s?"
    r"|\d ?% (?:intervals?|range|limits|bounds)|(?<![^\W_])(?i:limits) of agreement"
    # "Over a wide range [1, 2]" cites, and "the QT interval [1, 2]".
    r"|(?:^|[(,;:.|] ?)(?:[Tt]he (?:range|interval)|[Rr]ange)|\b(?:in|within|inside|outside) the (?:range|interval)"
    rf"|\brang(?:ed|es|ing) (?:from|between)|\b(?i:has|have|had|having|with) an? (?:range|interval)"
    rf"|\b(?i:closed|unit) interval)(?: {_VERB})?"
    # "Values in [1, 2]" and "data from [1, 2]" cite, so do "discrepancies between [1, 2]".
    r"|(?<![^\W_])(?i:values?|scores?|numbers?|levels?|ratios?|ages?|lies?|lay|lying|falls?|fell|falling|anywhere|is|are|"
    r"was|were|be|remains?|stays?|var(?:y|ies|ied|ying)|bounded|confined|constrained) (?i:between)"
    r"|∈|(?<![^\W_])(?i:lies?|lying|takes? (?:on )?values|taking values) (?:in|within|from)"
    r"|(?<![^\W_])(?i:normali[sz]ed|rescaled|scaled|clipped|mapped) (?:to|into|between)"
    r"|(?<![^\W_])(?i:uniform(?:ly)?(?: (?:distributed|drawn|sampled))?) (?:in|on|over|within|from)"
    # These do so, unless something says what they are.
    r"|(?<![^\W_])(?i:ranges?|intervals?|limits|bounds|quartiles|tertiles|quintiles|percentiles|extremes)"
    rf"\)?(?: {_VERB}|(?= ?[:=])))[ :=,]*$"
)
# An estimate and its value.
_ESTIMATE = re.compile(
    r"(?:(?<![^\W_])a?(?:[OHR]R|IRR|SMD|W?MD|ES|NNT|β)|\b(?i:ratio|difference|estimate|effect(?: size)?|median|mean))"
    r"(?: (?:of|was|is))?[ :=,]*(?P<value>\d{1,9}(?:[.·]\d{1,9})?) ?%?,? ?$"
)
_ENDS = re.compile(r"(\d+)\s*[,;–-]\s*(\d+)")
# How far before the bracket such words may stand, and how far where blanks of tags are between.
_LONGEST, _LONGEST_WRITTEN = 60, 300


def is_interval(text: str, start: int, inside: str) -> bool:
    """Tell whether two numbers in brackets are the ends of an interval and no marks.

    Args:
        text: of the page.
        start: where the bracket begins.
        inside: what stands in it.

    >>> is_interval("lost (95% CI [1, 2])", 13, "1, 2"), is_interval("lost in mice [1, 2]", 13, "1, 2")
    (True, False)
    >>> is_interval("The range was [1, 3]", 14, "1, 3"), is_interval("In wide ranges [1, 3]", 15, "1, 3")
    (True, False)
    >>> is_interval("values between [1, 3]", 15, "1, 3"), is_interval("as shown in [1, 3]", 12, "1, 3")
    (True, False)
    >>> is_interval("OR 2 [1, 3]", 5, "1, 3"), is_interval("OR 5 [1, 3]", 5, "1, 3")
    (True, False)
    """
    ends = _ENDS.fullmatch(inside)
    if ends is None or int(ends[1]) > int(ends[2]):
        return False
    before = " ".join(text[max(start - _LONGEST_WRITTEN, 0) : start].split())[-_LONGEST:]
    if _NAMED.search(before):
        return True
    found = _ESTIMATE.search(before)
    # A value outside of its interval has none.
    return found is not None and int(ends[1]) <= float(found["value"].replace("·", ".")) <= int(ends[2])
