"""/docs/contract: the checks for people, and the scripts that run them."""

import ast
import re
import sys

import pytest

from api.endpoints.contract_page import FILES
from tests.endpoints.test_cards import Page

PATH = "/docs/contract"
PYTHON, JAVASCRIPT = "nightcramp_contract.py", "nightcramp_contract.mjs"
OLDEST_PYTHON = (3, 9)
ADDRESS = re.compile(r"https?://[^\s\"'<>)]+")


@pytest.fixture(scope="module", params=["en", "ru"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def page(client, language):
    answer = client.get(PATH, headers={"Accept-Language": language})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.headers["Content-Language"] == language
    return Page(answer.text)


def test_it_is_in_the_language_asked_for(page, language):
    assert page.all("html") == [{"lang": language}]
    assert bool(re.search("[а-я]", page.texts["h1"])) is (language == "ru")
    assert bool(re.search("[а-я]", page.texts["li"])) is (language == "ru")


def test_every_check_of_the_kit_has_a_row_that_can_be_linked_to(page, client):
    checks = client.get("/v1/contract-kit").get_json()["checks"]
    rows = [row["id"] for row in page.all("tr") if "id" in row]
    assert rows == [check["id"] for check in checks]
    for check in checks:
        request = check["request"]
        assert check["purpose"] in page.words
        assert f"{request['method']} {request['path']}" in page.words


def test_it_shows_the_scripts_as_they_are_served(page, client):
    shown = page.each["pre"][-len(FILES) :]
    for name, text in zip(FILES, shown, strict=True):
        assert client.get(f"{PATH}/{name}").text.strip() == text.strip()


def test_every_address_in_a_box_is_there(page, client, library):
    found = {address.rstrip("/") for address in ADDRESS.findall(page.texts["pre"])}
    assert len(found) == 4
    for address in found:
        assert address.startswith(library.public_url)
        assert client.get(address).status_code == 200


def test_every_link_leads_somewhere(page, client):
    for link in page.all("a"):
        assert client.get(link["href"]).status_code == 200, link


def test_it_loads_nothing_from_another_host(page):
    assert all(re.match(r"/(?!/)", address) for address in page.loaded)
    assert all(re.match(r"/(?!/)", link["href"]) for link in page.all("link"))


def test_the_other_pages_lead_to_it(client):
    for path in ("/", "/docs", "/problems", "/docs/rules", "/docs/changes"):
        assert f'href="{PATH}"' in client.get(path).text


@pytest.mark.parametrize(
    ("name", "mimetype"), [(PYTHON, "text/x-python"), (JAVASCRIPT, "text/javascript")]
)
def test_a_script_is_served_as_what_it_is(client, name, mimetype):
    answer = client.get(f"{PATH}/{name}")
    assert (answer.status_code, answer.mimetype) == (200, mimetype)
    assert answer.data == FILES[name]
    assert answer.headers["ETag"]


@pytest.mark.parametrize(
    "name", ["no-such.py", "../embed/evaluator.js", "%00", "a" * 300]
)
def test_nothing_but_the_scripts_is_served(client, name):
    assert client.get(f"{PATH}/{name}").status_code == 404


def test_the_python_script_needs_no_more_than_an_old_python():
    tree = ast.parse(FILES[PYTHON], feature_version=OLDEST_PYTHON)
    imported = [
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    ]
    assert len(imported) > 5
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


def test_the_javascript_needs_no_more_than_node():
    imported = re.findall(r'from "([^"]+)"', FILES[JAVASCRIPT].decode())
    assert len(imported) > 3
    assert all(name.startswith("node:") for name in imported)
