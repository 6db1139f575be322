"""Schemathesis asks the running service what nobody thought of, by the contract."""

import json
import re
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest

from tests.contract.described import CONTRACT, DESCRIPTION_FILE, OPERATIONS
from tests.contract.tools import FOLDER

FEWEST_CASES = 4000
"""It makes above 5000 of this contract; far fewer mean that it does not see it."""

FEWEST_LINKS = 15
"""Of the links in the contract, those that it must have followed at the least."""

SECONDS = 600


def ask(service: str, contract: Path, folder: Path, *options: str):
    """Run it in `folder`: what it says, and its report."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--no-color"),
            *("--config-file", str(FOLDER / "schemathesis.toml"), "run", str(contract)),
            *("--url", service, "--report", "json"),
            *("--report-json-path", str(folder / "report.json"), *options),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    said = done.stdout + done.stderr
    if not (folder / "report.json").exists():
        pytest.fail(said)
    return said, json.loads((folder / "report.json").read_text(encoding="utf-8"))


def test_no_request_gets_an_answer_that_is_not_in_the_contract(
    service, tmp_path, report
):
    said, found = ask(service, DESCRIPTION_FILE, tmp_path)
    operations, cases = found["operations"], found["test_cases"]
    links = followed(said)
    report(
        f"schemathesis: {operations['tested']} operations, {cases['generated']} "
        f"requests, {links} links followed, {cases['unique_failures']} failures, "
        f"in {found['running_time']:.0f} s"
    )
    assert found["exit_code"] == 0, said
    assert found["failures"] == found["errors"] == []
    assert operations["tested"] == operations["total"] == len(OPERATIONS)
    assert cases["generated"] > FEWEST_CASES
    assert cases["without_checks"] == 0
    assert links >= FEWEST_LINKS
    assert {phase["status"] for phase in found["phases"].values()} == {"success"}
    assert all(accepted(rates) for rates in found["valid_rates"].values())
    assert len(found["valid_rates"]) == len(OPERATIONS)


def followed(said: str) -> int:
    """Links of the contract, and those it found by itself, that led somewhere."""
    return int(re.search(r"API Links: +(\d+) covered", said)[1])


def accepted(rates: dict) -> int:
    """Requests to an operation that were answered as they were meant."""
    return sum(phase["accepted"] for phase in rates.values())


def test_an_answer_that_is_not_in_the_contract_is_found(service, tmp_path):
    wrong = deepcopy(CONTRACT)
    wrong["components"]["schemas"]["Cause"]["properties"]["title"]["type"] = "integer"
    contract = tmp_path / "wrong.json"
    contract.write_text(json.dumps(wrong), encoding="utf-8")
    options = ("--include-operation-id", "getCause", "--phases", "examples")
    said, found = ask(service, contract, tmp_path, *options)
    assert found["exit_code"] == 1, said
    assert found["test_cases"]["unique_failures"] > 0
    assert "Response violates schema" in said
