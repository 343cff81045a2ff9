"""How the tests run the program: in a process of its own, as a user does."""

from __future__ import annotations

import os
import subprocess
import sys


def run(*arguments, cwd, env=None, stdin=None):
    """Run the program in a process of its own, with an environment that holds nothing of the tester's."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("EVIDENCE_", "NCBI_", "CROSSREF_"))}
    clean |= {"XDG_CONFIG_HOME": str(cwd), "NO_COLOR": "1", "COLUMNS": "100"} | (env or {})
    command = [sys.executable, "-m", "evidence", *arguments]
    return subprocess.run(
        command, cwd=cwd, env=clean, input=stdin, capture_output=True, text=True, timeout=120, check=False
    )
