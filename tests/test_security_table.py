"""The table of threats in SECURITY.md names tests that there are, and that run."""

import ast
import re

import pytest

from tests.servers import ROOT

ROW = re.compile(r"^\| (?P<threat>[^|]+) \| (?P<stop>[^|]+) \| (?P<tests>`[^|]+`) \|$")
NAMED = re.compile(r"`([^`]+)::([^`]+)`")
ROWS = [
    row
    for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines()
    if (row := ROW.match(line))
]
TESTS = [pair for row in ROWS for pair in NAMED.findall(row["tests"])]


def decorators(function: ast.FunctionDef) -> str:
    return " ".join(ast.unparse(one) for one in function.decorator_list)


def test_there_is_a_test_for_each_threat():
    assert len(ROWS) > 25
    assert all(NAMED.search(row["tests"]) for row in ROWS)


@pytest.mark.parametrize(("file", "name"), TESTS)
def test_a_test_that_is_named_is_there_and_is_not_skipped(file, name):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    found = [node for node in tree.body if getattr(node, "name", "") == name]
    assert len(found) == 1
    assert "skip" not in decorators(found[0])
    assert "xfail" not in decorators(found[0])
