"""A page of any origin may read every answer, errors and 304 included."""

import pytest

ORIGIN = {"Origin": "https://app.example.org"}
EXPOSED = {
    "ETag",
    "Last-Modified",
    "Link",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "Deprecation",
    "Sunset",
    "Content-Language",
    "X-Request-Id",
}


def names(header: str) -> set[str]:
    return {name.strip() for name in header.split(",")}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1", 200),
        ("HEAD", "/v1/causes", 200),
        ("GET", "/v1/openapi.json", 200),
        ("GET", "/health/ready", 200),
        ("GET", "/v1/causes/no-such-cause", 404),
        ("GET", "/nowhere", 404),
        ("POST", "/v1/causes", 405),
        ("GET", "/v1?lang=xx", 406),
        ("GET", "/v1/causes?colour=red", 422),
        ("OPTIONS", "/v1/causes", 200),
    ],
)
@pytest.mark.parametrize("headers", [ORIGIN, {}], ids=["origin", "no-origin"])
def test_every_answer_may_be_read_from_anywhere(client, method, path, status, headers):
    answer = client.open(path, method=method, headers=headers)
    assert answer.status_code == status
    assert answer.headers.getlist("Access-Control-Allow-Origin") == ["*"]
    assert names(answer.headers["Access-Control-Expose-Headers"]) == EXPOSED
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_not_modified_answer_may_be_read_from_anywhere(client):
    answer = client.get("/v1", headers={**ORIGIN, "If-None-Match": "*"})
    assert answer.status_code == 304
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert names(answer.headers["Access-Control-Expose-Headers"]) == EXPOSED


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/causes", "/v1/causes/no-such-cause", "/v1/search"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_preflight_allows_our_methods_and_headers(client, path, method):
    ours = {"Content-Type", "Accept", "Accept-Language", "If-None-Match", "X-API-Key"}
    asked = ours | {"X-Request-Id", "traceparent", "tracestate"}
    answer = client.options(
        path,
        headers={
            **ORIGIN,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": ", ".join(asked),
        },
    )
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert names(answer.headers["Access-Control-Allow-Headers"]) == asked
    assert names(answer.headers["Access-Control-Allow-Methods"]) == {
        "GET",
        "HEAD",
        "POST",
        "OPTIONS",
    }
    assert answer.headers["Access-Control-Max-Age"] == "86400"


def test_a_preflight_does_not_allow_any_header(client):
    answer = client.options(
        "/v1",
        headers={
            **ORIGIN,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "Authorization, Accept",
        },
    )
    assert names(answer.headers["Access-Control-Allow-Headers"]) == {"Accept"}
