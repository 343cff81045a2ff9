r"""Units of measurement in siunitx's words: `\SI{5}{\kilo\gram\per\metre\cubed}` prints 5 kg/m³.

Source:
    siunitx's manual, "Units": its names of units and prefixes.
"""

from __future__ import annotations

import re

_PREFIXES = {
    "yocto": "y", "zepto": "z", "atto": "a", "femto": "f", "pico": "p", "nano": "n", "micro": "µ", "milli": "m",
    "centi": "c", "deci": "d", "deca": "da", "deka": "da", "hecto": "h", "kilo": "k", "mega": "M", "giga": "G",
    "tera": "T", "peta": "P", "exa": "E", "zetta": "Z", "yotta": "Y", "kibi": "Ki", "mebi": "Mi", "gibi": "Gi",
}  # fmt: skip
_UNITS = {
    "ampere": "A", "candela": "cd", "gram": "g", "kelvin": "K", "kilogram": "kg", "meter": "m", "metre": "m",
    "mole": "mol", "second": "s", "becquerel": "Bq", "coulomb": "C", "farad": "F", "gray": "Gy", "hertz": "Hz",
    "henry": "H", "joule": "J", "katal": "kat", "lumen": "lm", "lux": "lx", "newton": "N", "pascal": "Pa",
    "radian": "rad", "siemens": "S", "sievert": "Sv", "steradian": "sr", "tesla": "T", "volt": "V", "watt": "W",
    "weber": "Wb", "astronomicalunit": "au", "bel": "B", "dalton": "Da", "day": "d", "decibel": "dB",
    "electronvolt": "eV", "hectare": "ha", "hour": "h", "liter": "L", "litre": "L", "arcminute": "′", "minute": "min",
    "arcsecond": "″", "neper": "Np", "tonne": "t", "angstrom": "Å", "barn": "b", "mmHg": "mmHg", "molar": "M",
    "degreeCelsius": "°C", "celsius": "°C", "ohm": "Ω", "bar": "bar", "percent": "%", "degree": "°", "bit": "bit",
    "byte": "B", "atomicmassunit": "u", "kg": "kg", "mg": "mg", "ug": "µg", "ng": "ng", "pg": "pg", "km": "km",
    "cm": "cm", "mm": "mm", "um": "µm", "nm": "nm", "ml": "mL", "mL": "mL", "ul": "µL", "uL": "µL", "ms": "ms",
    "mV": "mV", "kV": "kV", "kHz": "kHz", "MHz": "MHz", "GHz": "GHz", "kPa": "kPa", "kJ": "kJ", "keV": "keV",
    "MeV": "MeV", "GeV": "GeV", "TeV": "TeV", "mM": "mM", "uM": "µM", "nM": "nM", "mol": "mol",
}  # fmt: skip
_POWERS = {"squared": "²", "cubed": "³"}
# They stand before the unit.
_EARLY_POWERS = {"square": "²", "cubic": "³"}
_WORDS = (*_PREFIXES, *_UNITS, *_POWERS, *_EARLY_POWERS, "per")
_RUN = re.compile(rf"(?:\\(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?![A-Za-z])[ \t\n]*)+")
_WORD = re.compile(r"[A-Za-z]+")
_NUMERAL = re.compile(r"(?=.*\d)(?:[-+\d.,()\s]|\\pm(?![A-Za-z]))*(?:[eEdD]\s{0,9}[-+]?\d{1,9}\s{0,9})?")
_EXPONENT_SIGN = re.compile(r"[eEdD]")
_UNCERTAIN = re.compile(r"\+-|\\pm")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# Alone they are an accent and a sign.
_AMBIGUOUS = frozenset({"bar", "square"})


def with_units(text: str) -> str:
    r"""Return a text with runs of units as the letters that they print.

    >>> with_units(r"5 \micro\gram\per\litre"), with_units(r"\square\meter\kelvin"), with_units(r"\bar{x}")
    ('5 µg/L', 'm² K', '\\bar{x}')
    >>> with_units(r"5\mu\metre")
    '5\\mu{m}'
    """
    return _RUN.sub(_printed, text) if "\\" in text else text


def read_unit(text: str) -> str:
    r"""Return a text that is a unit for certain: in it `\bar` is no accent.

    >>> read_unit(r"\bar"), read_unit(r"\mu\gram")
    ('bar', '\\mu{g}')
    """
    return _RUN.sub(_as_unit, text)


def read_numeral(text: str) -> str:
    r"""Return a number as siunitx prints it: with its uncertainty, and powers of ten for `e5`.

    >>> read_numeral("5 +- 1"), read_numeral("1e-5"), read_numeral("e5"), read_numeral("x")
    ('5 ± 1', '1 × 10⁻⁵', '10⁵', 'x')
    """
    if not _NUMERAL.fullmatch(text):
        return text
    bare, _, exponent = _EXPONENT_SIGN.sub("e", "".join(text.split())).partition("e")
    said = _UNCERTAIN.sub(" ± ", bare)
    if not exponent:
        return said
    power = f"10{exponent.lstrip('+').translate(_RAISED)}"
    return power if not said else f"({said}) × {power}" if "±" in said else f"{said} × {power}"


def read_angle(text: str) -> str:
    """Return an angle of degrees, and of minutes and seconds behind semicolons.

    >>> read_angle("1;2;3"), read_angle(";;3"), read_angle("30")
    ('1°2′3″', '3″', '30°')
    """
    parts = [one.strip() for one in text.split(";", 2)]
    return "".join(f"{part}{sign}" for part, sign in zip(parts, "°′″", strict=False) if part)


def _as_unit(run: re.Match[str]) -> str:
    words = _WORD.findall(run[0])
    return _behind(run, _joined(words)) if words[-1] not in _PREFIXES else run[0]


def _printed(run: re.Match[str]) -> str:
    words = _WORD.findall(run[0])
    if _AMBIGUOUS.issuperset(words) or words[-1] in _PREFIXES:
        return run[0]
    return _behind(run, _joined(words))


def _behind(run: re.Match[str], printed: str) -> str:
    """Return what a run prints, in braces where its letters would become those of a command before it."""
    before = run.string[run.start() - 1 : run.start()]
    return f"{{{printed}}}" if before.isascii() and before.isalpha() else printed


def _joined(words: list[str]) -> str:
    found = ""
    # What joins the next unit to its predecessor, and the power that waits for it.
    join, power = "", ""
    for word in words:
        if word == "per":
            join = "/"
        elif word in _EARLY_POWERS:
            power = _EARLY_POWERS[word]
        elif word in _POWERS:
            found += _POWERS[word]
        elif word in _PREFIXES:
            found, join = found + join + _PREFIXES[word], ""
        else:
            found, join, power = found + join + _UNITS[word] + power, " ", ""
    return found
