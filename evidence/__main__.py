"""Where the program begins: `evidence`, or `python -m evidence`."""

from __future__ import annotations

import signal


def main() -> None:
    """Run the command line."""
    # Until it answers Ctrl-C itself, which takes it a while to load, the process just ends, without a trace.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from evidence.cli import main as run  # noqa: PLC0415

    run()


if __name__ == "__main__":
    main()
