"""Two linters, every rule of each an error; see redocly.yaml and spectral.yaml."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from tests.contract.described import CONTRACT, DESCRIPTION_FILE
from tests.contract.tools import FOLDER, program, run


def redocly(contract: Path) -> list[str]:
    """What Redocly finds, warnings and what was told to be ignored included."""
    rules = str(FOLDER / "redocly.yaml")
    options = ("--config", rules, "--format", "json")
    found = output(program("redocly"), "lint", str(contract), *options)
    assert found["totals"]["ignored"] == 0
    return [problem["ruleId"] for problem in found["problems"]]


def spectral(contract: Path) -> list[str]:
    """What Spectral finds, down to its hints."""
    rules = str(FOLDER / "spectral.yaml")
    options = ("--ruleset", rules, "--format", "json", "--quiet")
    found = output(program("spectral"), "lint", str(contract), *options)
    return [problem["code"] for problem in found]


def output(*command: str):
    done = run(*command)
    try:
        return json.loads(done.stdout)
    except ValueError:
        pytest.fail(done.stdout + done.stderr)


LINTERS = [redocly, spectral]


@pytest.mark.parametrize("lint", LINTERS)
def test_there_is_nothing_to_find(lint, report):
    problems = lint(DESCRIPTION_FILE)
    report(f"{lint.__name__}: {len(problems)} errors and warnings")
    assert problems == []


def wrong_example(contract: dict) -> None:
    content = operation(contract)["responses"]["200"]["content"]["application/json"]
    content["example"]["title"] = 7


def no_client_errors(contract: dict) -> None:
    responses = operation(contract)["responses"]
    for status in [status for status in responses if status.startswith("4")]:
        del responses[status]


def undeclared_tag(contract: dict) -> None:
    operation(contract)["tags"] = ["Nowhere"]


def undescribed_parameter(contract: dict) -> None:
    del contract["paths"]["/v1/causes/{id}"]["parameters"][0]["description"]


def operation(contract: dict) -> dict:
    return contract["paths"]["/v1/causes/{id}"]["get"]


FAULTS = [
    (redocly, wrong_example, "no-invalid-media-type-examples"),
    (redocly, no_client_errors, "operation-4xx-response"),
    (redocly, undescribed_parameter, "parameter-description"),
    (spectral, wrong_example, "oas3-valid-media-example"),
    (spectral, undeclared_tag, "operation-tag-defined"),
    (spectral, undescribed_parameter, "oas3-parameter-description"),
]


@pytest.mark.parametrize(("lint", "spoil", "rule"), FAULTS)
def test_a_fault_is_found(
    lint: Callable, spoil: Callable[[dict], None], rule: str, tmp_path
):
    spoilt = deepcopy(CONTRACT)
    spoil(spoilt)
    contract = tmp_path / "spoilt.json"
    contract.write_text(json.dumps(spoilt), encoding="utf-8")
    assert rule in lint(contract)
