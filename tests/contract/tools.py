"""Tools that are not Python: npm's, from the folder beside this file."""

import os
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent
MODULES = FOLDER / "node_modules"
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
"""Redocly would call home otherwise."""

SECONDS = 120
"""Far more than any tool needs: it hangs when it is over."""


def program(name: str) -> str:
    """Where a tool is."""
    path = MODULES / ".bin" / name
    if not path.exists():
        pytest.fail(f"{name} is not there: run `make contract`, which installs it")
    return str(path)


def run(*command: str, folder: Path = FOLDER) -> subprocess.CompletedProcess:
    """What a command says, and how it ends, when it is run in `folder`."""
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **QUIET},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
