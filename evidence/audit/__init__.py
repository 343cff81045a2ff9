"""The verdict of each claim, with its reasons, and what a page's author should mend.

`CODES` says what each finding means; baselines, acknowledgements and ignore lists of users name them, so they stay. To
add a check write a function in the module of `checks` that it belongs to, and give it a line there, here and in
`docs/findings.md`.
"""

from __future__ import annotations

CODES: dict[str, str] = {
    "EV001": "a claim rests on a retracted work",
    "EV002": "a claim cites nothing that names an existing work",
    "EV003": "a claim rests on one study or one group, and is not tagged needs-replication",
    "EV004": "identifiers of one work contradict each other",
    "EV005": "a claim is tagged needs-replication although it is replicated",
    "EV006": "a claim is tagged needs-replication although it cites no study at all",
    "EV007": "a claim is tagged needs-human-replication although it cites a human study",
    "EV008": "an identifier does not exist",
    "EV009": "a note says something else of its work than the registry",
    "EV010": "a note marks a work as retracted, and no registry does",
    "EV011": "notes, a study page or PubMed tell different things of one work",
    "EV012": "a row on replication in humans contradicts the studies that it cites",
    "EV013": "registries contradict each other about the notices of a work",
    "EV014": "a work was retracted and has been reinstated",
    "EV015": "a claim rests on one study or one group, and only its note is tagged needs-replication",
    "EV016": "a claim rests on one study or one group, and is tagged only in a list of gaps or for the whole page",
    "EV017": "all evidence of a claim is from animals or cells, and no tag says so",
    "EV018": "a preprint is cited, and not the article that it became",
    "EV019": "a work was checked before a notice of it came out",
    "EV021": "a work is in doubt, and the page does not say so",
    "EV022": "a claim speaks of people, and all that it cites is of animals or cells",
    "EV023": "a claim is contradicted, and the page says so",
    "EV024": "two rows give one pair opposite signs, and neither says so",
    "EV101": "a page has a problem that was found in reading it",
    "EV201": "an acknowledgement has lapsed: the facts of its finding changed",
    "EV202": "an acknowledgement fits no finding",
    "EV203": "an acknowledgement lacks its facts or its reason, or names no code",
}
# Where the marks of a page itself and the facts disagree: EVIDENCE.md section 4 of the design.
DRIFT = frozenset(
    {"EV001", "EV003", "EV004", "EV005", "EV006", "EV007", "EV008", "EV009", "EV010", "EV011", "EV012", "EV015",
     "EV016", "EV017", "EV021", "EV024"}
)  # fmt: skip
