"""The running service, and the figures of what was tried on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers import start_ready, stop

FIGURES = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = []


@pytest.fixture(scope="session")
def report(request) -> Callable[[str], None]:
    """Takes a line for the end of the run."""
    return request.config.stash[FIGURES].append


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    if figures := config.stash[FIGURES]:
        terminalreporter.section("the contract in figures")
        for line in figures:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def service(tmp_path_factory) -> Iterator[str]:
    """The address of the real server; all that it says must be free of errors."""
    said: Path = tmp_path_factory.mktemp("service") / "log"
    with said.open("wb") as log:
        server, base = start_ready(output=log)
        yield base
        died = server.poll() is not None
        stop(server)
    text = said.read_text()
    assert not died, text
    complaints = ("Traceback", '"level":"error"', '"level":"critical"')
    assert not any(complaint in text for complaint in complaints), text
