"""Runs the scripts of /docs/contract, as an app's nightly test does."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.endpoints.contract_page import FOLDER

SECONDS = 120
"""Generous: a busy machine is no failure."""

PYTHON, JAVASCRIPT = "nightcramp_contract.py", "nightcramp_contract.mjs"
SCRIPTS = (PYTHON, JAVASCRIPT)

LINE = re.compile(r"^([\w./-]+): ", re.M)
NOT_OK = re.compile(r"^not ok \d+ - (\S+)$", re.M)
COUNTED = {
    PYTHON: re.compile(r"^(\d+) held, (\d+) broken, (\d+) left out$", re.M),
    JAVASCRIPT: re.compile(
        r"^# pass (\d+)\n# fail (\d+)\n(?:# .*\n)*?# skipped (\d+)$", re.M
    ),
}


@dataclass(frozen=True)
class Run:
    """How a script ended; `broken` names what did not hold, once for each complaint."""

    code: int
    said: str
    broken: list[str]
    counts: tuple[int, int, int] | None
    """Held, broken, left out; None when nothing was tried."""


def run(script: str, url: str, *options: str) -> Run:
    done = subprocess.run(
        [*_command(script), str(FOLDER / script), url, *options],
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    said = done.stdout + done.stderr
    pattern = LINE if script == PYTHON else NOT_OK
    counted = COUNTED[script].search(said)
    counts = tuple(map(int, counted.groups())) if counted else None
    return Run(done.returncode, said, pattern.findall(done.stdout), counts)


def _command(script: str) -> list[str]:
    if script == PYTHON:
        return [sys.executable, "-X", "utf8", "-W", "error"]
    node = shutil.which("node")
    if node is None:
        pytest.fail("`node` is not on PATH: see setup-dev in the Makefile")
    return [node, "--test-reporter=tap"]


def kept(kit: str, folder: Path) -> tuple[str, str]:
    """Options that make a script take the text `kit` as the kit that was kept."""
    path = folder / "kit.json"
    path.write_text(kit, encoding="utf-8")
    return "--kit", str(path)
