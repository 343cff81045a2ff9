"""Templates with values -> HTML, in which no text from elsewhere is more than text."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from evidence.generated import GENERATOR
from evidence.terminal import plain


def render(template: str, /, **values: Any) -> Iterator[str]:
    """Yield the parts of a page.

    Args:
        template: the name of a template of this package.
        values: all that it asks for.
    """
    return _environment().get_template(template).generate(**values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("evidence.audit.html", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    loader: Callable[..., tuple[str, Any, Any]] = environment.loader.get_source  # type: ignore[union-attr]
    style, script = (loader(environment, name)[0] for name in ("report.css", "report.js"))
    environment.globals |= {
        "generator": GENERATOR,
        "style": Markup(style),  # noqa: S704 - shipped with the program
        "script": Markup(script),  # noqa: S704 - shipped with the program
        "style_hash": _hash_of(style),
        "script_hash": _hash_of(script),
    }
    environment.filters["number"] = "{:,}".format
    return environment


def _harmless(value: Any) -> Any:
    """Take control characters out of every text, whatever it is from; marked-up text is ours and escaped already."""
    return plain(value) if type(value) is str else value


def _hash_of(text: str) -> str:
    """Return the hash by which a Content-Security-Policy knows a style or script."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
