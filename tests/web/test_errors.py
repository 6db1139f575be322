"""Every kind of error is a problem of one shape, in the language asked for."""

import ast
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import abort
from werkzeug.exceptions import TooManyRequests

from api.app import create_app
from api.config import Config
from api.web.errors import PROBLEM_TYPES

ROOT = Path(__file__).resolve().parents[2]
SHAPE = ["type", "title", "status", "detail", "instance"]

KINDS = [
    ("GET", "/v1/causes/no-such-cause", 404, "not-found"),
    ("GET", "/v1/relief-protocols/no-such", 404, "not-found"),
    ("GET", "/v1/prevention-tips/no-such", 404, "not-found"),
    ("GET", "/v1/risk-flags/no-such", 404, "not-found"),
    ("GET", "/v1/sources/no-such", 404, "not-found"),
    ("GET", "/nowhere", 404, "not-found"),
    ("GET", "/problems/no-such", 404, "not-found"),
    ("GET", "/docs/assets/no-such.js", 404, "not-found"),
    ("GET", "/v1/bundle?since=no-such", 404, "no-such-version"),
    ("POST", "/v1/causes", 405, "method-not-allowed"),
    ("DELETE", "/v1/causes/calcium-shortage", 405, "method-not-allowed"),
    ("GET", "/v1?lang=xx", 406, "not-acceptable"),
    ("GET", "/nowhere?lang=xx", 406, "not-acceptable"),
    ("GET", "/v1/causes?colour=red", 422, "invalid-request"),
    ("GET", "/v1/causes/calcium-shortage?verdict=mixed", 422, "invalid-request"),
    ("GET", "/v1/causes?verdict=true", 422, "invalid-request"),
    ("GET", "/v1/causes?verdict=", 422, "invalid-request"),
    ("GET", "/v1/causes?page=0", 422, "invalid-request"),
    ("GET", "/v1/causes?page=1&page=2", 422, "invalid-request"),
    ("GET", "/v1/search", 422, "invalid-request"),
    ("GET", "/v1/search?q=%20", 422, "invalid-request"),
    ("GET", "/v1/search?q=%C2%85%EF%BB%BF%1C", 422, "invalid-request"),
    ("GET", "/raises", 500, "internal-error"),
]

RARER = {"no-such-version": 404, "version-too-old": 410, "retired": 410}
"""Problem types that share a status with the usual one of it."""

STATUSES = [
    (400, "bad-request"),
    (404, "not-found"),
    (405, "method-not-allowed"),
    (406, "not-acceptable"),
    (410, "withdrawn"),
    (413, "content-too-large"),
    (414, "uri-too-long"),
    (415, "unsupported-media-type"),
    (418, "bad-request"),
    (422, "invalid-request"),
    (429, "too-many-requests"),
    (500, "internal-error"),
    (501, "not-implemented"),
    (502, "internal-error"),
    (503, "unavailable"),
]


@pytest.fixture(scope="module")
def failing(library):
    """A client of an app with views that fail, as it would be in production."""
    app = create_app(library, Config())
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/raises", view_func=lambda: 1 / 0, endpoint="raises")
    app.add_url_rule("/aborts/<int:code>", view_func=abort)
    app.add_url_rule("/waits", view_func=wait)
    app.extensions["search_index"] = None
    return app.test_client()


def wait():
    raise TooManyRequests(retry_after=7)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(("method", "path", "status", "kind"), KINDS)
def test_an_error_is_a_problem(failing, library, method, path, status, kind, language):
    answer = failing.open(path, method=method, headers={"Accept-Language": language})
    problem = answer.get_json()
    known = library.catalogue(language).messages.problems[kind]

    assert answer.status_code == problem["status"] == status
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Content-Language"] == language
    more = {"invalid-request": ["errors"], "no-such-version": ["whole"]}.get(kind, [])
    assert list(problem) == SHAPE + more
    assert problem["type"] == f"{library.public_url}/problems/{kind}"
    assert problem["title"] == known.title
    assert problem["instance"] == urlsplit(path).path
    assert re.search("[а-я]" if language == "ru" else "[a-z]", problem["detail"])
    assert not re.search("[{}]|^[a-z-]+$", problem["detail"])


@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_every_status_has_a_problem_type(failing, status, kind):
    answer = failing.get(f"/aborts/{status}")
    assert answer.content_type == "application/problem+json"
    assert answer.status_code == answer.get_json()["status"] == status
    assert answer.get_json()["type"].endswith(f"/problems/{kind}")
    assert answer.get_json()["detail"]


def test_every_problem_type_is_known_in_every_language(library):
    for language in library.languages:
        problems = library.catalogue(language).messages.problems
        statuses = {id: problem.status for id, problem in problems.items()}
        usual = {id: status for status, id in PROBLEM_TYPES.items()}
        assert statuses == usual | RARER


@pytest.mark.parametrize("kind", [*PROBLEM_TYPES.values(), *RARER])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_type_of_a_problem_leads_to_a_page_about_it(
    client, library, kind, language
):
    known = library.catalogue(language).messages.problems[kind]
    page = client.get(f"/problems/{kind}?lang={language}")
    assert page.status_code == 200
    assert page.mimetype == "text/html"
    assert f"<h1>{known.title}</h1>" in page.text
    assert f"HTTP {known.status}" in page.text


def test_every_message_that_the_code_names_has_words_in_every_language(library):
    named = {
        id.value
        for folder in ("api", "schemas")
        for path in (ROOT / folder).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Message"
        for id in ast.walk(call.args[0])
        if isinstance(id, ast.Constant)
    }
    assert "unknown-parameter" in named
    for language in library.languages:
        assert named <= set(library.catalogue(language).messages.templates)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("path", [path for _, path, *_ in KINDS[:5]])
def test_an_unknown_id_is_told_the_list_that_it_is_not_in(client, path, language):
    folder, _, id = path.rpartition("/")
    detail = client.get(f"{path}?lang={language}").get_json()["detail"]
    assert f"GET {folder}" in detail
    assert id in detail


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/v1", "/v1/causes", "/health/live", "/docs"])
def test_a_wrong_method_is_told_the_right_ones(client, path, method):
    answer = client.open(path, method=method)
    assert answer.status_code == 405
    assert set(answer.allow) == {"GET", "HEAD", "OPTIONS"}
    assert f"{method} is not possible here" in answer.get_json()["detail"]
    assert "GET, HEAD, OPTIONS" in answer.get_json()["detail"]


def test_an_error_keeps_its_own_headers(failing):
    answer = failing.get("/waits")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "7"


def test_an_internal_error_tells_nothing_of_the_code(failing):
    answer = failing.get("/raises")
    assert "division" not in answer.text
    assert "Traceback" not in answer.text


def test_a_view_that_fails_halfway_is_not_cached(failing):
    answer = failing.get("/v1/search?q=cramp")
    assert answer.status_code == 500
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


@pytest.mark.parametrize(
    ("path", "instance"),
    [
        ("/v1/causes/ы б", "/v1/causes/%D1%8B%20%D0%B1"),
        ("/v1/causes/a%22%3Cb%3E", "/v1/causes/a%22%3Cb%3E"),
        ("/v1/causes/%FF%0D%0A", "/v1/causes/%EF%BF%BD%0D%0A"),
        ("/nowhere/100%25", "/nowhere/100%25"),
    ],
)
def test_the_instance_is_percent_encoded(client, path, instance):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.get_json()["instance"] == instance


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ({"colour": "red"}, ["/colour"]),
        ({"a/b": "1"}, ["/a~1b"]),
        ({"a~b": "1"}, ["/a~0b"]),
        ({"~1": "1"}, ["/~01"]),
        (
            {"page": "0", "verdict": "x", "colour": "red"},
            ["/colour", "/page", "/verdict"],
        ),
        ({"page": ["1", "2"], "a/b": ["1", "2"]}, ["/a~1b", "/page"]),
    ],
)
def test_each_error_points_to_its_parameter(client, query, pointers):
    errors = client.get("/v1/causes", query_string=query).get_json()["errors"]
    assert sorted(error["pointer"] for error in errors) == pointers


@pytest.mark.parametrize(
    ("query", "language", "detail"),
    [
        ("page=0", "en", "“0” is not a whole number from 1 to 10000."),
        ("page_size=101", "en", "“101” is not a whole number from 1 to 100."),
        ("page=one", "ru", "one"),
        ("population=elves", "en", "Use one of: everyone, adults, older-adults"),
        ("verdict=nope", "ru", "supported, mixed, contested, unsupported"),
    ],
)
def test_an_error_says_what_is_possible(client, query, language, detail):
    answer = client.get(f"/v1/causes?{query}&lang={language}")
    (error,) = answer.get_json()["errors"]
    assert detail in error["detail"]


@pytest.mark.parametrize("value", ["-1", "1.0", "1e1", "+1", "٣", "", "10001"])
def test_a_page_is_a_plain_whole_number(client, value):
    answer = client.get("/v1/causes", query_string={"page": value})
    assert answer.status_code == 422


def test_head_gets_the_headers_of_the_error(client):
    answer = client.head("/v1/causes/no-such-cause")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.data == b""
