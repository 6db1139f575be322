"""What /health answers to operators and probes."""

import pytest

from api.app import create_app
from api.config import Config
from api.web.openapi import describe


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_a_probe_is_answered(client, path, method):
    assert client.open(path, method=method).status_code == 200


def test_alive_is_all_that_liveness_says(client):
    assert client.get("/health/live").get_json() == {"status": "ok"}


def test_readiness_names_what_is_served(client, library):
    assert client.get("/health/ready").get_json() == {
        "status": "ok",
        "content_version": library.release.version,
        "languages": ["en", "ru"],
        "degraded": [],
    }


def test_the_contract_is_the_same_while_something_is_wrong(app, library):
    """A worker makes it when it is first asked for, perhaps while it is stopping."""
    other = create_app(library, Config(rate_limit=False))
    other.extensions["stopping"] = True
    other.extensions["checks"]["content-release"] = lambda: False
    assert other.test_client().get("/health/ready").status_code == 503
    assert describe(other) == describe(app)
