"""Verbs by which a line states something, as far as closed lists and endings know them."""

from __future__ import annotations

import re

# A verb of finding makes a statement of a line that begins with its authors.
FINDS = re.compile(
    r"\b(?:found|find|show(?:ed|s|n)?|report(?:ed|s)?|demonstrat(?:ed|es?)|observ(?:ed|es?)|suggest(?:ed|s)?|identif\w+|is|are|"
    r"was|were|has|have|had|did|does|do|can|increas\w+|decreas\w+|reduc\w+|extend\w*|prov(?:ed|es)|conclud\w+|confirm\w+)\b",
    re.IGNORECASE,
)
# What else an item of a list of links may state: "[[sirt1]] - deacetylates p53", "[[mtor]] - lies upstream of ULK1".
STATES = re.compile(
    r"\b(?:not|may|might|must|will|would|could|should|cannot|without|\w{2,}ed|\w+(?:at|iz|is|ifi|uc|ov|iv|ut|id|ir|ang|anc)es|"
    r"\w{3,}(?:esses|ains)|(?:act|aris|bind|block|caus|contain|control|cover|depend|differ|driv|emerg|encod|establish|fail|form|"
    r"fram|giv|help|inhibit|interact|keep|lack|lead|li|limit|link|lower|mak|need|occur|oppos|overlap|predict|prevent|promot|"
    r"protect|rais|recruit|remain|requir|rest|revers|ris|run|shar|shorten|sit|slow|spar|stand|start|stop|support|target|trigger|"
    r"underli|us|work)e?s|"
    r"activate|arise|bind|cause|contribute|depend|differ|drive|emerge|expand|fail|inhibit|intersect|mediate|modulate|occur|"
    r"produce|promote|regulate|rely|remain|require|rest on|suppress)\b",
    re.IGNORECASE,
)
