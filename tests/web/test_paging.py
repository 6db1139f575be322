"""Pages of lists, their links, and addresses that never redirect."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.web.links import related

LISTS = [
    "/v1/causes",
    "/v1/relief-protocols",
    "/v1/prevention-tips",
    "/v1/risk-flags",
    "/v1/sources",
    "/v1/search?q=cramp",
    "/v1/causes?verdict=supported",
]


def addresses(answer) -> list[str]:
    return [item["links"]["self"] for item in answer.get_json()["items"]]


def with_query(path: str, more: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{more}"


@pytest.mark.parametrize("size", [1, 7, 100])
@pytest.mark.parametrize("path", LISTS)
def test_walking_all_pages_yields_every_item_once(client, path, size):
    found, pages = [], 0
    address = with_query(path, f"page_size={size}")
    while address:
        answer = client.get(address)
        found += addresses(answer)
        pages += 1
        address = answer.get_json()["links"].get("next")
    total = answer.get_json()["total"]
    assert len(found) == len(set(found)) == total > size * (pages - 1)
    assert pages == -(-total // size)


@pytest.mark.parametrize("path", LISTS)
def test_walking_back_yields_the_same_pages(client, path):
    first = client.get(with_query(path, "page_size=3&page=1"))
    second = client.get(first.get_json()["links"]["next"])
    back = client.get(second.get_json()["links"]["prev"])
    assert addresses(first) == addresses(back) != addresses(second)


@pytest.mark.parametrize(
    ("query", "relations"),
    [
        ("", {"self", "next"}),
        ("page=2&page_size=5", {"self", "next", "prev"}),
        ("page_size=30&page=2", {"self", "next", "prev"}),
        ("page_size=100", {"self", "next"}),
        ("page_size=100&page=2", {"self", "prev"}),
        ("page=10000", {"self"}),
        ("kind=score", {"self"}),
    ],
)
def test_a_page_links_to_its_neighbours_where_there_are_any(client, query, relations):
    answer = client.get(f"/v1/sources?{query}")
    assert set(answer.get_json()["links"]) == relations


@pytest.mark.parametrize("query", ["", "?page=2&page_size=5", "?page=10000"])
def test_the_link_header_has_the_links_of_the_body(client, query):
    answer = client.get(f"/v1/sources{query}")
    assert related(answer) == answer.get_json()["links"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_link_keeps_the_query_and_is_absolute(client, library, method):
    query = {"q": "судорога & ночь", "lang": "ru", "page_size": "2", "page": "2"}
    answer = client.open("/v1/search", method=method, query_string=query)
    for name, number in {"self": "2", "next": "3", "prev": "1"}.items():
        url = related(answer)[name]
        assert url.startswith(f"{library.public_url}/v1/search?")
        assert dict(parse_qsl(urlsplit(url).query)) == {**query, "page": number}


def test_self_is_the_page_that_was_asked_for(client):
    answer = client.get("/v1/causes?page_size=4&page=3")
    again = client.get(answer.get_json()["links"]["self"])
    assert again.data == answer.data


def test_a_page_holds_twenty_items_unless_asked_otherwise(client):
    assert len(addresses(client.get("/v1/sources"))) == 20
    assert len(addresses(client.get("/v1/sources?page_size=100"))) == 100
    assert addresses(client.get("/v1/sources")) == addresses(
        client.get("/v1/sources?page=1")
    )


@pytest.mark.parametrize("path", LISTS)
def test_a_page_past_the_end_is_empty_and_knows_the_total(client, path):
    page = client.get(with_query(path, "page=10000")).get_json()
    assert page["items"] == []
    assert page["total"] == client.get(path).get_json()["total"] > 0


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/causes",
        "/v1/causes/calcium-shortage",
        "/v1/risk-rules",
        "/v1/risk-questions",
        "/v1/search?q=cramp",
        "/v1/openapi.json",
        "/health/live",
        "/docs",
        "/problems",
        "/problems/not-found",
    ],
)
def test_a_trailing_slash_is_answered_as_well_as_its_absence(client, path):
    bare, _, query = path.partition("?")
    slashed = client.get(f"{bare}/?{query}")
    assert slashed.status_code == 200
    assert slashed.data == client.get(path).data


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/", 200),
        ("/v1/causes/", 200),
        ("/v1/causes/calcium-shortage/", 200),
        ("/", 200),
        ("//", 200),
        ("//v1", 200),
        ("/v1//causes", 404),
        ("/v1/causes//", 404),
        ("//example.org/", 404),
        ("/v1/../v1/causes", 404),
        ("/docs/assets", 404),
        ("/docs/assets/", 404),
    ],
)
def test_nothing_redirects(client, path, status, method):
    # As it comes over the wire: the client would take //v1 for the name of a host.
    environ = EnvironBuilder(method=method).get_environ()
    environ["PATH_INFO"] = path
    _, answered, headers = run_wsgi_app(client.application, environ)
    assert "Location" not in headers
    allowed = 405 if method == "POST" and status == 200 else status
    assert answered.startswith(f"{allowed} ")


@pytest.mark.parametrize(
    "size", ["0", "101", "1.5", "-1", "٢", "1e1", "0000000011000", "0" * 9 + "1" * 4400]
)
def test_a_size_that_is_none_is_refused(client, size):
    answer = client.get("/v1/causes", query_string={"page_size": size})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.get_json()["errors"]] == ["/page_size"]
