"""The service around its real content, built once for all tests."""

import pytest

from api.app import CONTENT, create_app
from api.config import Config
from api.loader import load_library
from tests.releases import make_history


@pytest.fixture(scope="session")
def library():
    return load_library(CONTENT, "http://127.0.0.1:8000")


@pytest.fixture(scope="session")
def app(library):
    return create_app(library, Config())


@pytest.fixture(scope="session")
def client(app):
    return app.test_client()


@pytest.fixture(scope="session")
def history(tmp_path_factory):
    """Releases after releases: see tests/releases.py."""
    return make_history(tmp_path_factory.mktemp("history"))
