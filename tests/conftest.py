"""The service around its real content, built once for all tests."""

import pytest

from api.app import create_app
from api.config import CONTENT, Config
from api.loader import load_library
from tests.figures import pytest_configure, pytest_terminal_summary, report
from tests.releases import make_history

__all__ = ["pytest_configure", "pytest_terminal_summary", "report"]


@pytest.fixture(scope="session")
def library():
    return load_library(CONTENT, "http://127.0.0.1:8000")


@pytest.fixture(scope="session")
def app(library):
    """Without limits: the tests of one process ask more than one client may."""
    return create_app(library, Config(rate_limit=False))


@pytest.fixture(scope="session")
def client(app):
    return app.test_client()


@pytest.fixture(scope="session")
def history(tmp_path_factory):
    """Releases after releases: see tests/releases.py."""
    return make_history(tmp_path_factory.mktemp("history"))
