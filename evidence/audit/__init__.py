"""The verdict of each claim, with its reasons, and what a page's author should mend.

`CODES` says what each finding means; a baseline and an ignore list of a user name them, so they stay. To add a check
write a function in the family that it belongs to (`findings.py` for a claim, `notes.py` for a note, `consistency.py`
for what two places say of one work), and give it a line there and here.
"""

from __future__ import annotations

CODES: dict[str, str] = {
    "EV001": "a claim rests on a retracted work",
    "EV002": "a claim cites nothing that names an existing work",
    "EV003": "a claim rests on one study or one group, and is not tagged needs-replication",
    "EV004": "identifiers of one work contradict each other",
    "EV005": "a claim is tagged needs-replication although it is replicated",
    "EV006": "a claim is tagged needs-replication although it cites no study at all",
    "EV007": "the tag needs-human-replication does not fit what was studied",
    "EV008": "an identifier does not exist",
    "EV009": "a note says something else of its work than the registry",
    "EV010": "a note marks a work as retracted, and no registry does",
    "EV011": "two notes tell different things of one work",
    "EV012": "a row on replication in humans contradicts the studies that it cites",
    "EV013": "registries contradict each other about the notices of a work",
    "EV014": "a work was retracted and has been reinstated",
    "EV101": "a page has a problem that was found in reading it",
}
