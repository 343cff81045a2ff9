"""What holds for all of the code: imports point down, one broad except, one module that prints."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import evidence

PACKAGE = Path(evidence.__file__).parent
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
# From the lowest line up. A name may import what stands on a lower line; those of one line do not know each other.
LINES = (
    ("vocabulary", "errors", "terminal", "memory"),
    ("records", "config", "directions", "files", "generated", "levels", "marks", "processes", "statements"),
    ("identifiers", "notices"),
    ("store", "pages", "mirror", "markup"),
    ("extract", "resolve", "audit", "export", "replay"),
    ("reading", "naming", "library"),
    ("refresh", "show", "standalone", "tagging", "workspace"),
    ("summaries",),
    ("demo",),
    ("cli",),
    ("__main__",),
)
LINE_OF = {name: number for number, names in enumerate(LINES) for name in names}
_POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{[0-9,]+\})\+|\(\?>")


@cache
def parse(module):
    return ast.parse((PACKAGE / module).read_text("utf-8"))


def top(module):
    """`store/database.py` -> `store`."""
    return module.removesuffix(".py").split("/")[0]


def imported(module):
    """The parts of the package that a module imports, wherever in it the import stands."""
    names = set()
    for node in ast.walk(parse(module)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are written in full"
            names.update(
                f"{node.module}.{alias.name}" if node.module == "evidence" else node.module for alias in node.names
            )
    return {name.split(".")[1] for name in names if name.startswith("evidence.")} - {"__version__"}


def test_every_part_has_its_line():
    assert {top(module) for module in MODULES} - {"__init__"} <= set(LINE_OF)


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down(module):
    if module == "__init__.py":
        assert imported(module) == set()
        return
    here = top(module)
    upwards = {name for name in imported(module) if name != here and LINE_OF[name] >= LINE_OF[here]}
    assert upwards == set()


@pytest.mark.parametrize("module", MODULES)
def test_module_says_what_it_is_for(module):
    assert ast.get_docstring(parse(module))


def test_broad_except_stands_once():
    found = [
        module
        for module in MODULES
        for node in ast.walk(parse(module))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    ]
    assert found == ["cli/__init__.py"]


def test_only_the_command_line_prints():
    found = {
        module
        for module in MODULES
        for node in ast.walk(parse(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert {top(module) for module in found} <= {"cli"}


@pytest.mark.parametrize("module", MODULES)
def test_no_group_is_possessive(module):
    """Python before 3.11.5 keeps what the last, failed turn of such a group has taken; of single characters it is right."""
    patterns = [
        node.value
        for node in ast.walk(parse(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "(" in node.value
    ]
    assert [one for one in patterns if _POSSESSIVE_GROUP.search(one)] == []
