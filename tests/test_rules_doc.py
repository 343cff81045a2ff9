"""docs/rules.md lists every rule, and every rule has its example."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import pytest

from evidence.audit.flags import FLAG_RULES
from evidence.audit.run import RULES
from evidence.audit.statuses import STATUS_RULES
from evidence.audit.strength import STRENGTH_RULES
from evidence.vocabulary import Flag, Status

TEXT = (Path(__file__).parents[1] / "docs" / "rules.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`([a-z]+\.[a-z_]+)`", TEXT)))
IN_LISTS = [*STATUS_RULES.values(), *FLAG_RULES.values(), *(rule for _, rule in STRENGTH_RULES)]


@pytest.mark.parametrize("rule", IN_LISTS, ids=lambda rule: rule.__name__)
def test_rule_of_a_list_stands_in_the_document(rule):
    assert f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}" in NAMED


@pytest.mark.parametrize("name", NAMED)
def test_rule_of_the_document_has_an_example_that_runs(name):
    module_name, _, function_name = name.partition(".")
    module = importlib.import_module(f"evidence.audit.{module_name}")
    rule = getattr(module, function_name)
    if name == "resources.shipped_resources":  # a table, which test_audit_rules.py reads
        return
    assert doctest.DocTestFinder(recurse=False).find(rule, name, module)[0].examples


def test_document_names_the_version():
    assert f"**It is {RULES}.**" in TEXT
    assert f"- **{RULES}**:" in TEXT


def test_every_status_and_flag_stands_in_the_document():
    assert [one.value for one in (*Status, *Flag) if f"`{one.value}`" not in TEXT] == []
    assert set(FLAG_RULES) == set(Flag)
