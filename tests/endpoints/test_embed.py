"""/embed: modules that any page may import, and nothing else."""

import re

import pytest

from api.app import create_app
from api.config import Config
from tests.web.test_cors import ORIGIN

PATH = "/embed/evaluator.js"
METHODS = [("GET", True), ("HEAD", False)]


@pytest.mark.parametrize(("method", "has_body"), METHODS)
def test_the_evaluator_is_a_module_that_any_page_may_import(client, method, has_body):
    answer = client.open(PATH, method=method, headers=ORIGIN)
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"].startswith("public, max-age=")
    assert "Last-Modified" in answer.headers
    assert bool(answer.data) is has_body


def test_its_validator_comes_from_its_bytes(client, library):
    """Not from a clock or a process: every server sends the same for the same file."""
    tag, weak = client.get(PATH).get_etag()
    another = create_app(library, Config()).test_client()
    assert tag
    assert weak is False
    assert another.get(PATH).get_etag() == (tag, weak)
    assert another.get(PATH).data == client.get(PATH).data


def test_its_validator_follows_its_bytes(library, monkeypatch):
    rendered = create_app(library, Config(edition=False)).test_client()
    before = rendered.get(PATH)
    changed = {"evaluator.js": before.data + b"\n"}
    monkeypatch.setattr("api.endpoints.embed.FILES", changed)
    assert rendered.get(PATH).get_etag() != before.get_etag()


def test_a_copy_at_hand_is_not_sent_again(client):
    tag = client.get(PATH).headers["ETag"]
    answer = client.get(PATH, headers={**ORIGIN, "If-None-Match": tag})
    assert answer.status_code == 304
    assert answer.data == b""
    assert answer.headers["ETag"] == tag
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_evaluator_needs_nothing_else_and_reaches_nobody(client):
    """Comments show how to import it; the code itself names no host and no network."""
    code = re.sub(r"(?s:/\*.*?\*/)|//.*", "", client.get(PATH).text)
    assert "export function evaluate(" in code
    banned = r"https?:|\bimport\b|\brequire\b|\bfetch\b|XMLHttpRequest|sendBeacon"
    stores = r"WebSocket|EventSource|localStorage|indexedDB|cookie|document|navigator"
    assert not re.search(f"{banned}|{stores}|\\beval\\b|Function\\(", code)


def test_the_evaluator_reads_no_clock_and_throws_no_dice(client):
    assert not re.search(r"\bDate\b|Math\.random|performance", client.get(PATH).text)


@pytest.mark.parametrize(
    "name",
    ["no-such.js", "evaluator", "evaluator.JS", "..%2Fdocs.js", "../docs.js", "%00"],
)
def test_nothing_else_is_there(client, name):
    answer = client.get(f"/embed/{name}", headers=ORIGIN)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
