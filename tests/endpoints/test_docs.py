"""/docs and /problems: pages for people, with nothing from any other host."""

import re
from html.parser import HTMLParser

import pytest

PAGES = ["/docs", "/problems", "/problems/not-found"]


class References(HTMLParser):
    """Collects the addresses that a page leads to or loads."""

    def __init__(self, page: str):
        super().__init__()
        self.found: set[str] = set()
        self.language = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "html":
            self.language = values.get("lang")
        named = ("href", "src", "action", "srcset", "data-description")
        self.found |= {values[name] for name in named if name in values}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_page_is_in_the_language_asked_for(client, path, language):
    page = client.get(path, headers={"Accept-Language": language})
    assert page.mimetype == "text/html"
    assert References(page.text).language == language


@pytest.mark.parametrize("path", PAGES)
def test_a_page_refers_to_no_other_host(client, path):
    page = client.get(path).text
    references = References(page).found
    assert "/docs/assets/pages.css" in references
    assert all(re.match(r"/(?!/)", address) for address in references)
    assert "//" not in page


@pytest.mark.parametrize("path", PAGES)
def test_whatever_a_page_refers_to_is_there(client, path):
    for address in References(client.get(path).text).found:
        with client.get(address) as answer:
            assert answer.status_code == 200, address


@pytest.mark.parametrize("name", ["docs.js", "pages.css"])
def test_our_scripts_and_styles_refer_to_no_other_host(client, name):
    with client.get(f"/docs/assets/{name}") as answer:
        assert not re.search(r"https?:|@import|url\(\s*['\"]?//", answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_a_browser_is_told_to_load_nothing_from_elsewhere(client, library, path):
    headers = client.get(path).headers
    policy = dict(
        part.strip().split(" ", 1)
        for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["img-src"].split()[0] == "'self'"
    allowed = {"'self'", "'none'", "'unsafe-inline'", "data:", library.public_url}
    assert {source for rule in policy.values() for source in rule.split()} <= allowed
    assert "'unsafe-inline'" not in policy["script-src"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_docs_show_the_contract_with_the_files_of_swagger_ui(client):
    references = References(client.get("/docs").text).found
    assert {
        "/v1/openapi.json",
        "/docs/assets/swagger-ui-bundle.js",
        "/docs/assets/swagger-ui.css",
    } <= references


@pytest.mark.parametrize(
    ("name", "mimetype"),
    [
        ("docs.js", "text/javascript"),
        ("pages.css", "text/css"),
        ("icon.svg", "image/svg+xml"),
        ("swagger-ui-bundle.js", "text/javascript"),
        ("swagger-ui.css", "text/css"),
    ],
)
def test_an_asset_is_served_as_what_it_is(client, name, mimetype):
    with client.get(f"/docs/assets/{name}") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == mimetype


@pytest.mark.parametrize(
    "name", ["no-such.js", "../app.py", "..%2Fapp.py", "%2e%2e/app.py", "%00", "/etc"]
)
def test_nothing_but_assets_is_served(client, name):
    assert client.get(f"/docs/assets/{name}").status_code == 404


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_list_of_problems_leads_to_each_of_them(client, library, language):
    page = client.get(f"/problems?lang={language}").text
    problems = library.catalogue(language).messages.problems
    assert {f"/problems/{id}" for id in problems} <= References(page).found
    assert all(problem.title in page for problem in problems.values())


def test_an_absurd_asset_is_not_there(client):
    assert client.get(f"/docs/assets/{'a' * 300}").status_code == 404


def test_the_page_of_errors_is_titled_in_its_language(client):
    assert "<title>Ошибки" in client.get("/problems?lang=ru").get_data(as_text=True)
