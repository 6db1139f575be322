"""/: the front page, whose every address and snippet is there and works."""

import re
import shlex

import pytest

from api.endpoints.front import GALLERY, TRIES
from tests.endpoints.test_cards import Page

LANGUAGES = ("en", "ru")
ADDRESS = re.compile(r"https?://[^\s\"'<>)]+")


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def front(client, language):
    return Page(client.get(f"/?lang={language}").text)


def test_the_front_page_speaks_the_language_asked_for(client, language):
    answer = client.get("/", headers={"Accept-Language": language})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.headers["Content-Language"] == language
    page = Page(answer.text)
    assert page.all("html") == [{"lang": language}]
    assert bool(re.search("[а-я]", page.texts["h1"])) is (language == "ru")


def test_it_says_what_this_is_and_that_nobody_has_signed_it(front, library, language):
    service = library.catalogue(language).service
    assert service.title in front.texts["title"]
    for words in (service.description, service.disclaimer, service.clinical_review):
        assert words in front.words


def test_it_counts_what_there_is(front, library):
    content = library.catalogue("en")
    numbers = [
        len(content.relief_protocols),
        len(content.causes),
        len(content.prevention_tips),
        len(content.risk_flags),
        len(content.sources),
    ]
    *counted, release = front.each["strong"][1:]
    assert [int(number) for number in counted] == numbers
    assert release == library.release.version


def test_every_request_to_try_is_answered(client, front):
    offered = front.texts["option"]
    for path in TRIES:
        assert path in offered
        assert client.get(path).status_code == 200


def test_every_link_leads_somewhere(client, front):
    targets = {link["href"].partition("#")[0] for link in front.all("a")}
    assert len(targets) > 10
    for target in targets:
        with client.get(target) as answer:
            assert answer.status_code == 200, target


def test_a_link_into_another_page_finds_its_place_there(client, front):
    for link in front.all("a"):
        path, _, place = link["href"].partition("#")
        if place:
            there = Page(client.get(path).text)
            assert place in {attributes.get("id") for _, attributes in there.tags}


def test_it_loads_nothing_from_another_host(front):
    assert front.loaded
    assert all(re.match(r"/(?!/)", address) for address in front.loaded)
    assert all(
        re.match(r"/(?!/)", attributes["href"]) for attributes in front.all("link")
    )


def test_every_address_in_a_snippet_is_there(client, front, library):
    found = ADDRESS.findall(front.texts["pre"])
    assert len(found) >= 7
    for address in found:
        assert address.startswith(f"{library.public_url}/")
        assert client.get(address).status_code == 200


def test_the_line_for_curl_is_one_that_a_shell_reads(client, front):
    line = next(code for code in front.each["pre"] if code.startswith("curl"))
    command, address = shlex.split(line)
    assert command == "curl"
    assert client.get(address).get_json()["id"] == GALLERY


def test_both_feeds_are_announced(client, front):
    feeds = [link["type"] for link in front.all("link") if link["rel"] == "alternate"]
    assert feeds == ["application/feed+json", "application/atom+xml"]


def test_it_works_without_script(front):
    assert front.all("noscript")
    assert front.all("iframe")[0]["title"]
