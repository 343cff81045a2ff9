"""Exit codes, the same for every command.

0 clean, 1 findings, 2 usage, settings or anything else that the user can mend, 3 incomplete (look-ups failed, so the
result may be wrong), 70 a fault of ours, 130 interrupted.
"""

from __future__ import annotations

CLEAN, FINDINGS, USAGE, INCOMPLETE, FAULT, INTERRUPTED = 0, 1, 2, 3, 70, 130
