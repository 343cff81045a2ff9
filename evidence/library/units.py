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
# Alone they are an accent and a sign.
_AMBIGUOUS = frozenset({"bar", "square"})


def with_units(text: str) -> str:
    r"""Return a text with runs of units as the letters that they print.

    >>> with_units(r"5 \micro\gram\per\litre"), with_units(r"\square\meter\kelvin"), with_units(r"\bar{x}")
    ('5 µg/L', 'm² K', '\\bar{x}')
    """
    return _RUN.sub(_printed, text) if "\\" in text else text


def _printed(run: re.Match[str]) -> str:
    words = _WORD.findall(run[0])
    if _AMBIGUOUS.issuperset(words) or words[-1] in _PREFIXES:
        return run[0]
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
