"""Languages as Crossref (ISO 639-1) and PubMed (MARC) write them -> what CSL and babel call them."""

from __future__ import annotations

# MARC code, ISO 639-1 code, babel's name.
_LANGUAGES = (
    ("ara", "ar", "arabic"),
    ("bul", "bg", "bulgarian"),
    ("cat", "ca", "catalan"),
    ("chi", "zh", None),
    ("cze", "cs", "czech"),
    ("dan", "da", "danish"),
    ("dut", "nl", "dutch"),
    ("eng", "en", "english"),
    ("fin", "fi", "finnish"),
    ("fre", "fr", "french"),
    ("ger", "de", "german"),
    ("gre", "el", "greek"),
    ("heb", "he", "hebrew"),
    ("hun", "hu", "hungarian"),
    ("ita", "it", "italian"),
    ("jpn", "ja", None),
    ("kor", "ko", None),
    ("nor", "no", "norwegian"),
    ("per", "fa", "persian"),
    ("pol", "pl", "polish"),
    ("por", "pt", "portuguese"),
    ("rum", "ro", "romanian"),
    ("rus", "ru", "russian"),
    ("spa", "es", "spanish"),
    ("swe", "sv", "swedish"),
    ("tur", "tr", "turkish"),
    ("ukr", "uk", "ukrainian"),
)
_ISO = {code: iso for marc, iso, _ in _LANGUAGES for code in (marc, iso)}
_OF_BABEL = {babel: iso for _, iso, babel in _LANGUAGES if babel} | {
    "american": "en", "british": "en", "usenglish": "en", "ukenglish": "en", "ngerman": "de", "naustrian": "de",
    "nswissgerman": "de", "brazilian": "pt", "brazil": "pt", "portuges": "pt", "francais": "fr", "chinese": "zh",
    "japanese": "ja", "korean": "ko", "magyar": "hu", "farsi": "fa",
}  # fmt: skip
_BABEL = {iso: babel for _, iso, babel in _LANGUAGES if babel}


def iso_language(code: str | None) -> str | None:
    """Return the ISO 639-1 code of a language, or None where it is not one that we know.

    >>> iso_language("ger"), iso_language("en-GB"), iso_language("mul")
    ('de', 'en', None)
    """
    return _ISO.get(code.lower().partition("-")[0]) if code else None


def language_code(name: str | None) -> str | None:
    """Return the ISO 639-1 code of a language by its code or by babel's name for it; what is neither is left as it is.

    >>> language_code("English"), language_code("ngerman"), language_code("de-AT"), language_code("Klingon")
    ('en', 'de', 'de', 'Klingon')
    """
    return _OF_BABEL.get((name or "").casefold()) or iso_language(name) or name


def babel_language(code: str | None) -> str | None:
    """Return the name that LaTeX's babel, and so biblatex's `langid`, has for a language.

    >>> babel_language("ger"), babel_language("jpn")
    ('german', None)
    """
    return _BABEL.get(iso_language(code) or "")
