"""/docs/offline/: the files of the example app, each as what it is."""

import json
import re
from urllib.parse import urljoin

import pytest

from api.endpoints.offline import FILES
from tests.endpoints.test_cards import Page

FOLDER = "/docs/offline/"
MIMETYPES = {
    "": "text/html",
    "app.js": "text/javascript",
    "sw.js": "text/javascript",
    "app.css": "text/css",
    "manifest.webmanifest": "application/manifest+json",
}


def absolute(address: str) -> str:
    """`address` as a browser at the page of the app resolves it."""
    return urljoin(FOLDER, address)


def test_every_file_is_one_that_is_known_here():
    assert {name.replace("index.html", "") for name in FILES} == set(MIMETYPES)


@pytest.mark.parametrize("name", MIMETYPES)
def test_a_file_is_served_as_what_it_is(client, name):
    answer = client.get(FOLDER + name)
    assert (answer.status_code, answer.mimetype) == (200, MIMETYPES[name])
    assert answer.data == FILES[name or "index.html"]
    assert answer.headers["Cache-Control"].startswith("public, max-age=")
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(FOLDER + name, headers=tag).status_code == 304


@pytest.mark.parametrize("name", MIMETYPES)
def test_a_file_may_load_from_here_only(client, library, name):
    policy = client.get(FOLDER + name).headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["worker-src"] == "'self'"
    assert rules["connect-src"] == f"'self' {library.public_url}"


@pytest.mark.parametrize("name", FILES)
def test_a_file_names_no_other_host(name):
    assert not re.search(rb"https?:|['\"(]//", FILES[name])


@pytest.mark.parametrize("name", ["no-such.js", "..%2Fapp.py", "%2e%2e/docs.js", "%00"])
def test_there_is_nothing_else(client, name):
    assert client.get(FOLDER + name).status_code == 404


@pytest.mark.parametrize("address", [FOLDER.rstrip("/"), f"{FOLDER}index.html"])
def test_the_other_addresses_of_the_page_lead_here(client, address):
    answer = client.get(address)
    assert answer.status_code == 308
    assert answer.headers["Location"].endswith(FOLDER)


def test_whatever_the_page_refers_to_is_there(client):
    page = Page(client.get(FOLDER).text)
    found = {link["href"] for link in page.all("link")} | page.loaded
    assert "app.js" in found
    for address in found:
        with client.get(absolute(address)) as answer:
            assert answer.status_code == 200, address


def test_whatever_the_worker_keeps_is_there(client):
    listed = re.search(r"SHELL = \[(.*?)\]", FILES["sw.js"].decode(), re.DOTALL)[1]
    shell = re.findall(r'"([^"]+)"', listed)
    page = Page(FILES["index.html"].decode())
    assert page.loaded <= set(shell), "all that the page loads is kept"
    kept = {absolute(address) for address in shell}
    assert {FOLDER, "/embed/nightcramp.js", "/embed/evaluator.js"} <= kept
    for address in shell:
        with client.get(absolute(address)) as answer:
            assert answer.status_code == 200, address


def test_whatever_the_modules_import_is_kept(client):
    shell = FILES["sw.js"].decode()
    for module in ("app.js", "/embed/nightcramp.js", "/embed/evaluator.js"):
        code = client.get(absolute(module)).text
        for address in re.findall(r'^import .*?"([^"]+)";', code, re.MULTILINE):
            assert address.rpartition("/")[2] in shell


def test_the_manifest_makes_it_an_app(client):
    manifest = json.loads(FILES["manifest.webmanifest"])
    assert manifest["display"] == "standalone"
    assert manifest["start_url"] == manifest["scope"] == "./"
    for icon in manifest["icons"]:
        with client.get(absolute(icon["src"])) as answer:
            assert answer.mimetype == icon["type"]


def test_the_app_has_the_same_words_in_both_languages():
    code = FILES["app.js"].decode()
    words = re.search(r"const WORDS = \{(.*?)\n\};", code, re.DOTALL)[1]
    english, russian = words.split("\n  ru: {")
    keys = [
        re.findall(r"^    (\w+):", part, re.MULTILINE) for part in (english, russian)
    ]
    assert keys[0] == keys[1] != []
    used = set(re.findall(r"\bwords\.(\w+)", code))
    assert used <= set(keys[0])
