"""What /health answers to operators and probes."""

import pytest


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
