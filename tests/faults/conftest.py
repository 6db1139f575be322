"""Faults on the real service; what was seen is printed at the end, as figures."""

import pytest

FIGURES = pytest.StashKey[list[str]]()


def pytest_configure(config):
    config.stash[FIGURES] = []


@pytest.fixture
def report(request):
    """A function that takes one figure, in words, for the person who ran this."""
    return request.config.stash[FIGURES].append


@pytest.fixture(scope="session")
def report_all(request):
    """The same for fixtures that several tests share."""
    return request.config.stash[FIGURES].append


def pytest_terminal_summary(terminalreporter, config):
    terminalreporter.section("figures")
    for figure in config.stash[FIGURES]:
        terminalreporter.write_line(figure)
