r"""Units of measurement in siunitx's words: `\SI{5}{\kilo\gram\per\metre\cubed}` prints 5 kg/m³.

Source:
    siunitx's manual, "Units": its names of units and prefixes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

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
# Elsewhere `\L` and `\H` are a letter and an accent; these are read where a unit stands for certain.
_SHORT = {
    **{one: one for one in (
        "fg", "g", "pm", "dm", "m", "as", "fs", "ps", "ns", "s", "fmol", "pmol", "nmol", "mmol", "kmol",
        "pA", "nA", "mA", "A", "kA", "mHz", "Hz", "THz", "mN", "N", "kN", "MN", "Pa", "MPa", "GPa", "pV",
        "nV", "V", "nW", "mW", "W", "kW", "MW", "GW", "mJ", "J", "eV", "meV", "kWh", "fF", "pF", "nF", "F",
        "mH", "H", "nC", "mC", "C", "mT", "T", "K", "dB", "hL",
    )},
    "us": "µs", "umol": "µmol", "uA": "µA", "uV": "µV", "uW": "µW", "uJ": "µJ", "uF": "µF", "uH": "µH",
    "uC": "µC", "uT": "µT", "mohm": "mΩ", "kohm": "kΩ", "Mohm": "MΩ", "l": "L", "hl": "hL", "amu": "u", "L": "L",
}  # fmt: skip
_POWERS = {"squared": "²", "cubed": "³"}
# They stand before the unit.
_EARLY_POWERS = {"square": "²", "cubic": "³"}
_WORDS = (*_PREFIXES, *_UNITS, *_POWERS, *_EARLY_POWERS, "per")


def _runs_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:\\(?:{'|'.join(sorted(words, key=len, reverse=True))})(?![A-Za-z])[ \t\n]*)+")


_RUN = _runs_of(_WORDS)
_RUN_OF_UNIT = _runs_of((*_WORDS, *_SHORT))
_WORD = re.compile(r"[A-Za-z]+")
_NUMERAL = re.compile(r"(?=.*\d)(?:[-+\d.,()\s]|\\pm(?![A-Za-z]))*(?:[eEdD]\s{0,9}[-+]?\d{1,9}\s{0,9})?")
_EXPONENT_SIGN = re.compile(r"[eEdD]")
_TIMES = re.compile(r"\s{0,9}(?:x|×|\\times(?![A-Za-z]))\s{0,9}")
# In a unit that is written as it prints.
_POINT = re.compile(r"(?<=[\w}])\.(?=[^\W\d_])")
_POWER = re.compile(r"(?:\^|\\tothe(?![A-Za-z])\s{0,9})(?:\{\s{0,9}([+-]?\d{1,3})\s{0,9}\}|(\d))")
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
    r"""Return a text that is a unit for certain: in it `\bar` is no accent, and a point is a product.

    >>> read_unit(r"\bar"), read_unit(r"\mu\gram"), read_unit("kg.m^{-2}"), read_unit(r"\metre\tothe{4}")
    ('bar', '\\mu{g}', 'kg m⁻²', 'm⁴')
    """
    plain = _RUN_OF_UNIT.sub(_as_unit, _POINT.sub(" ", text))
    return _POWER.sub(lambda match: (match[1] or match[2]).lstrip("+").translate(_RAISED), plain)


def read_numeral(text: str) -> str:
    r"""Return a number as siunitx prints it: with its uncertainty, and powers of ten for `e5`.

    >>> read_numeral("5 +- 1"), read_numeral("1e-5"), read_numeral("e5"), read_numeral("x"), read_numeral("1x2")
    ('5 ± 1', '1 × 10⁻⁵', '10⁵', 'x', '1 × 2')
    """
    factors = _TIMES.split(text)
    if len(factors) > 1 and all(map(_NUMERAL.fullmatch, factors)):
        return " × ".join(map(read_numeral, factors))
    if not _NUMERAL.fullmatch(text):
        return text
    bare, _, exponent = _EXPONENT_SIGN.sub("e", "".join(text.split())).partition("e")
    said = _UNCERTAIN.sub(" ± ", bare)
    if not exponent:
        return said
    power = f"10{exponent.lstrip('+').translate(_RAISED)}"
    return power if not said else f"({said}) × {power}" if "±" in said else f"{said} × {power}"


def read_list(text: str) -> str:
    """Return numbers that semicolons divide, as siunitx prints them.

    >>> read_list("1;2;1e3"), read_list("1;2"), read_list("1")
    ('1, 2 and 1 × 10³', '1 and 2', '1')
    """
    *first, last = (read_numeral(one.strip()) for one in text.split(";"))
    return f"{', '.join(first)} and {last}" if first else last


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
            found, join, power = found + join + (_UNITS.get(word) or _SHORT[word]) + power, " ", ""
    return found
