"""A client of openapi-fetch, typed by openapi-typescript, calls the service."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.contract.described import CONTRACT, DESCRIPTION_FILE, OPERATIONS
from tests.contract.tools import FOLDER, MODULES, program, run


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A folder with the types of the contract, where programs can be compiled."""
    folder = tmp_path_factory.mktemp("typescript-client")
    (folder / "node_modules").symlink_to(MODULES)
    (folder / "package.json").write_text('{"type": "module"}')
    for name in ("client.ts", "tsconfig.json"):
        shutil.copy(FOLDER / name, folder)
    types = (program("openapi-typescript"), str(DESCRIPTION_FILE), "-o", "api.ts")
    generated = run(*types, folder=folder)
    said = generated.stdout + generated.stderr
    assert generated.returncode == 0, said
    assert len(said.strip().splitlines()) == 2, f"more than its name and file: {said}"
    return folder


def compiled(project: Path):
    return run(program("tsc"), "--project", "tsconfig.json", folder=project)


def test_a_typed_client_compiles_and_reads_everything(project, service, report):
    compilation = compiled(project)
    assert compilation.returncode == 0, compilation.stdout
    called = run("node", "client.js", service, folder=project)
    assert called.returncode == 0, called.stderr
    found = json.loads(called.stdout)
    assert found.pop("calls") == len(OPERATIONS)
    assert found.pop("service") == CONTRACT["info"]["title"]
    assert set(found.pop("verdicts")) == {"supported"}
    assert set(found.pop("found")) == {"relief-protocol"}
    assert found.pop("level") == "same_day"
    assert "suspected-dvt" in found.pop("raised")
    assert found.pop("problem") == f"{service}/problems/not-found"
    assert found.pop("whole") == f"{service}/v1/bundle?lang=en"
    assert all(found.values()), found
    report(f"openapi-typescript: {len(OPERATIONS)} operations called, none untyped")


WRONG = {
    "console.log(cause.titel);": "TS2551",
    "const text: number = cause.title;": "TS2322",
    'await api.GET("/v1/causes", { params: { query: { verdict: "x" } } });': "TS2322",
    'await api.POST("/v1/risk-evaluations", { body: { answers: { warm: 1 } } });': (
        "TS2322"
    ),
    'await api.GET("/v1/cause", {});': "TS2345",
    'await api.GET("/v1/search", {});': "TS2345",
}
"""Statements that the types must refuse, and the error of each."""


def test_a_wrong_client_does_not_compile(project, tmp_path):
    folder = tmp_path / "wrong"
    shutil.copytree(project, folder, symlinks=True)
    client = (folder / "client.ts").read_text(encoding="utf-8")
    wrong = "\n".join([client, *WRONG])
    (folder / "client.ts").write_text(wrong, encoding="utf-8")
    lines = client.count("\n") + 2
    refused = [
        re.match(r"client\.ts\((\d+),\d+\): error (TS\d+)", line)
        for line in compiled(folder).stdout.splitlines()
        if not line.startswith(" ")
    ]
    found = {int(match[1]) - lines: match[2] for match in refused}
    assert list(found.values()) == list(WRONG.values())
    assert list(found) == list(range(len(WRONG)))
