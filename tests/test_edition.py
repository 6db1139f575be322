"""The edition answers just as Flask would have: same status, headers and bytes."""

import os
import random

import pytest

from api.app import create_app
from api.config import Config
from api.edition import Edition
from api.web.compression import ENCODINGS
from tests.odd_requests import odd_request

SEED = 7
ODD_REQUESTS = int(os.environ.get("ODD_REQUESTS", "1000"))


@pytest.fixture(scope="module")
def rendered(library):
    """A client of the app with the edition switched off."""
    return create_app(library, Config(edition=False)).test_client()


@pytest.fixture(scope="module")
def kept(library):
    """The app with the edition in front of it."""
    return create_app(library, Config())


def seen(answer) -> tuple:
    return answer.status, sorted(answer.headers.to_wsgi_list()), answer.data


def addresses(app) -> list[tuple[str, dict]]:
    """Every published address with the headers that ask for each form of it."""
    edition = app.wsgi_app
    assert isinstance(edition, Edition)
    return [
        (
            f"{path}?{query}" if query else path,
            {"Accept-Language": language, "Accept-Encoding": encoding or "identity"},
        )
        for path, query, language, encoding in edition.addresses()
    ]


def test_every_published_address_is_the_same_in_every_form(kept, rendered):
    client = kept.test_client()
    wanted = addresses(kept)
    assert len(wanted) > 3_500
    for address, headers in wanted:
        once = seen(client.get(address, headers=headers))
        again = seen(client.get(address, headers=headers))
        assert once == again == seen(rendered.get(address, headers=headers)), address


CONDITIONS = [
    "{tag}",
    "W/{tag}",
    '"other"',
    '"other", {tag}',
    "*",
    "",
    "tag without quotes",
    '"' * 5_000,
]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_is_the_same(kept, rendered, method, condition):
    client = kept.test_client()
    for address, headers in addresses(kept)[::97]:
        tag = client.get(address, headers=headers).headers["ETag"]
        asked = {**headers, "If-None-Match": condition.format(tag=tag)}
        ours = client.open(address, method=method, headers=asked)
        assert seen(ours) == seen(rendered.open(address, method=method, headers=asked))


def test_each_form_has_a_tag_of_its_own(kept):
    client = kept.test_client()
    tags = {
        client.get(
            "/v1/causes/alcohol",
            headers={"Accept-Language": language, "Accept-Encoding": encoding},
        ).headers["ETag"]
        for language in ("en", "ru")
        for encoding in (*ENCODINGS, "identity")
    }
    assert len(tags) == 6


def test_only_what_is_published_is_kept(library):
    app = create_app(library, Config())
    client, edition = app.test_client(), app.wsgi_app
    for number in range(200):
        client.get(f"/v1/causes/{number}")
        client.get(f"/v1/causes?page={number}&page_size=3")
        client.get(f"/v1/search?q={number}")
        client.get("/v1/causes", headers={"Accept-Language": f"x-{number}, ru"})
        client.get("/v1/causes", headers={"Accept-Encoding": f"x{number}, gzip"})
    assert len(edition.kept) <= 4


def test_an_odd_request_is_answered_the_same(kept, rendered):
    client, source = kept.test_client(), random.Random(SEED)
    for _ in range(ODD_REQUESTS):
        request = odd_request(source)
        assert seen(client.open(**request)) == seen(rendered.open(**request)), request
