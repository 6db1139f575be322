"""/embed/illustrations: each step has its picture, and each picture its step."""

import hashlib
import re
from xml.etree import ElementTree

import pytest

from schemas.illustrations import ATTRIBUTES, ELEMENTS, SVG
from tests.endpoints.lists import everything
from tests.web.test_cors import ORIGIN

LANGUAGES = ("en", "ru")
LARGEST = 3_000
"""Bytes of a picture as a file."""


def steps(client, language: str) -> list[dict]:
    protocols = everything(client, "/v1/relief-protocols", lang=language)
    return [step for protocol in protocols for step in protocol["steps"]]


@pytest.fixture(scope="module")
def pictures(client) -> dict[str, dict]:
    """The picture of each step, by its address."""
    told = [step["illustration"] for step in steps(client, "en")]
    return {picture["href"]: picture for picture in told}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_has_a_picture_with_words_for_it(client, library, language):
    found = steps(client, language)
    assert found
    for step in found:
        picture = step["illustration"]
        assert list(picture) == ["href", "alt", "sha256", "license"]
        assert picture["license"] == library.catalogue(language).service.license.id
        assert 20 <= len(picture["alt"]) <= 140


def test_a_picture_is_what_its_step_says(client, pictures):
    for href, picture in pictures.items():
        answer = client.get(href, headers=ORIGIN)
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
        assert hashlib.sha256(answer.data).hexdigest() == picture["sha256"]
        assert len(answer.data) <= LARGEST


def test_any_page_may_read_and_keep_a_picture(client, library, pictures):
    answer = client.get(next(iter(pictures)), headers=ORIGIN)
    license = library.catalogue("en").service.license.url
    assert answer.headers["Link"] == f'<{license}>; rel="license"'
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"].startswith("public, max-age=")
    again = client.get(
        next(iter(pictures)), headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_a_picture_says_whose_it_is(client, pictures):
    for href, picture in pictures.items():
        assert f"<!-- Nightcramp, {picture['license']} -->" in client.get(href).text


def test_a_picture_is_plain_shapes_in_the_colour_of_its_page(client, pictures):
    for href in pictures:
        text = client.get(href).text
        assert "currentColor" in text
        for element in ElementTree.fromstring(text).iter():
            name = element.tag.removeprefix(SVG)
            assert name in ELEMENTS | {"style"}
            assert set(element.attrib) <= ATTRIBUTES
        assert not re.search(r"url\(|href|@import|script", text)


def test_a_picture_by_itself_can_be_seen_by_day_and_by_night(client, pictures):
    for href in pictures:
        style = ElementTree.fromstring(client.get(href).text).findtext(f"{SVG}style")
        assert style.count("color:#") == 2
        assert "prefers-color-scheme:dark" in style


def test_a_picture_is_the_same_in_every_language_and_its_words_are_not(client):
    english, russian = (steps(client, language) for language in LANGUAGES)
    assert len(english) == len(russian)
    for one, other in zip(english, russian, strict=True):
        one, other = one["illustration"], other["illustration"]
        assert one["href"] == other["href"]
        assert one["sha256"] == other["sha256"]
        assert one["alt"] != other["alt"]
        assert re.search("[а-я]", other["alt"])
        assert not re.search("[а-я]", one["alt"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bundle_lists_every_picture_with_its_hash(client, language):
    listed = client.get(f"/v1/bundle?lang={language}").get_json()["illustrations"]
    told = {step["illustration"]["href"] for step in steps(client, language)}
    assert {picture["href"] for picture in listed} == told
    assert len(listed) == len(told)
    for picture in listed:
        data = client.get(picture["href"]).data
        assert hashlib.sha256(data).hexdigest() == picture["sha256"]


def test_no_picture_is_there_for_nothing(library):
    catalogue = library.catalogue("en")
    protocols = catalogue.relief_protocols.values()
    used = {step.illustration_id for one in protocols for step in one.steps}
    assert used == set(catalogue.illustrations)


def test_no_two_pictures_are_the_same_or_say_the_same(library):
    for language in LANGUAGES:
        found = library.catalogue(language).illustrations.values()
        assert len({picture.svg for picture in found}) == len(found)
        assert len({picture.alt for picture in found}) == len(found)


@pytest.mark.parametrize("name", ["no-such.svg", "hold-foot", "hold-foot.png", ".svg"])
def test_there_is_nothing_else_here(client, name):
    answer = client.get(f"/embed/illustrations/{name}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
