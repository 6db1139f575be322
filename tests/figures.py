"""Figures for the person who ran the tests, printed at the end of the run."""

from collections.abc import Callable

import pytest

FIGURES = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = []


@pytest.fixture(scope="session")
def report(request) -> Callable[[str], None]:
    """Takes one figure, in words."""
    return request.config.stash[FIGURES].append


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    if figures := config.stash[FIGURES]:
        terminalreporter.section("figures")
        for figure in figures:
            terminalreporter.write_line(figure)
