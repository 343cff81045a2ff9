"""The errors that a user reads.

    EvidenceError              anything a user should read; has a message and, if possible, a hint
      ConfigError              config.toml is missing, malformed, or has an unknown key
      PageError                a page cannot be read; has path and line
      IdentifierError          a text is no valid identifier of its scheme
      SourceError              a source failed; has the source's name
        SourceUnavailableError   no answer, too many requests, or a server fault: trying later may help
        SourceAnswerError        an answer that we cannot read
      StoreError               the database cannot be opened, is newer than the program, or is locked
      ExportError              a file cannot be written
      LibraryError             a reference manager's library cannot be read

Other libraries' errors are translated where they are called. Only `SourceUnavailableError` is tried again.
"""

from __future__ import annotations


class EvidenceError(Exception):
    """Anything a user should read.

    Args:
        message: what went wrong and where, in one line.
        hint: what to do about it, in one line.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigError(EvidenceError):
    """The settings are missing, malformed, or have an unknown key."""


class PageError(EvidenceError):
    """A page cannot be read.

    Args:
        message: what went wrong.
        path: the page, relative to the vault.
        line: the line, from 1, or None where the whole page is meant.
        hint: what to do about it.
    """

    def __init__(self, message: str, path: str, line: int | None = None, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.path = path
        self.line = line

    def __reduce__(self) -> tuple[type[PageError], tuple[str, str, int | None, str | None]]:
        # An error that a worker process found is sent back whole.
        return (PageError, (self.message, self.path, self.line, self.hint))


class IdentifierError(EvidenceError):
    """A text is no valid identifier of its scheme."""


class SourceError(EvidenceError):
    """A source failed.

    Args:
        message: what went wrong, without keys or addresses.
        source: the source's name, such as "crossref".
        hint: what to do about it.
    """

    def __init__(self, message: str, source: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.source = source


class SourceUnavailableError(SourceError):
    """No answer, too many requests, or a server fault: trying later may help.

    Args:
        retry_after_s: the seconds that the source asked us to wait, or None.
    """

    def __init__(self, message: str, source: str, hint: str | None = None, retry_after_s: float | None = None) -> None:
        super().__init__(message, source, hint)
        self.retry_after_s = retry_after_s


class SourceAnswerError(SourceError):
    """An answer that we cannot read, or a refusal that no retry mends.

    Args:
        status: the HTTP status, or None where the answer itself cannot be read.
    """

    def __init__(self, message: str, source: str, hint: str | None = None, status: int | None = None) -> None:
        super().__init__(message, source, hint)
        self.status = status


class SourceMovedError(SourceAnswerError):
    """The source sends on to another address; only who asked can tell whether what is there was asked for.

    Args:
        location: where, as the source wrote it.
    """

    def __init__(self, message: str, source: str, status: int, location: str) -> None:
        super().__init__(message, source, None, status)
        self.location = location


class StoreError(EvidenceError):
    """The database cannot be opened, is newer than the program, or is locked."""


class ProcessError(EvidenceError):
    """A process that did part of the work was ended from outside."""


class ExportError(EvidenceError):
    """A file cannot be written."""


class LibraryError(EvidenceError):
    """A reference manager's library cannot be read, or not as the format that it is said to be."""
