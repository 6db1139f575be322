"""The audit of dependencies fails when it finds a hole, and when it could not look."""

import json
import os
import subprocess
import sys

from tests.audit import LOCKED, PIN, complaints
from tests.servers import ROOT

TWO = "flask==3.1.3 \\\n    --hash=sha256:00\nlimits==5.8.0 \\\n    --hash=sha256:00\n"


def report(*dependencies: dict) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


FLASK = {"name": "flask", "version": "3.1.3", "vulns": []}
LIMITS = {"name": "limits", "version": "5.8.0", "vulns": []}


def test_all_looked_up_and_nothing_found_is_well():
    assert complaints(TWO, report(FLASK, LIMITS)) == []


def test_a_hole_is_found():
    hole = {**LIMITS, "vulns": [{"id": "CVE-2026-1"}]}
    assert complaints(TWO, report(FLASK, hole)) == ["limits 5.8.0: CVE-2026-1"]


def test_a_package_that_was_not_looked_up_is_a_failure():
    skipped = {"name": "limits", "skip_reason": "not found"}
    other = {**LIMITS, "version": "5.7.0"}
    for about in ((), (skipped,), (other,)):
        found = complaints(TWO, report(FLASK, *about))
        assert found == ["limits 5.8.0: was not looked up"]


def test_nothing_audited_is_a_failure():
    assert complaints(TWO, "") == ["there is no report"]
    assert complaints(TWO, "{}") == ["there is no report"]
    assert complaints("", report()) == ["nothing is locked"]


def test_every_package_of_the_lock_file_is_seen():
    pins = dict(PIN.findall(LOCKED.read_text(encoding="utf-8")))
    assert {"flask", "marshmallow", "granian", "pyyaml"} <= set(pins)
    assert len(pins) == LOCKED.read_text(encoding="utf-8").count("==")


def test_without_an_answer_from_the_advisories_it_fails():
    nobody = "http://127.0.0.1:9"
    run = subprocess.run(
        [sys.executable, "-m", "tests.audit"],
        cwd=ROOT,
        env={**os.environ, "HTTPS_PROXY": nobody, "HTTP_PROXY": nobody},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert "the audit failed" in run.stderr
