"""/docs/rules: every rule in words, for the clinician who is to sign it."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from tests.endpoints.test_docs import References

PATH = "/docs/rules"
NOBODY = {
    "en": "No clinician has reviewed or signed it yet",
    "ru": "Ни один врач пока этого не проверил и не подписал",
}
LOADING = {"script", "img", "iframe", "object", "embed", "source", "video", "audio"}


class Loaded(HTMLParser):
    """Collects what a browser fetches for a page without being asked to."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag in LOADING:
            self.found += [v for k, v in attrs if k in ("src", "srcset", "data")]
        if tag == "link":
            self.found.append(values["href"])


@pytest.fixture(params=["en", "ru"])
def language(request):
    return request.param


@pytest.fixture
def content(library, language):
    return library.catalogue(language)


@pytest.fixture
def page(client, language):
    answer = client.get(PATH, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    assert answer.headers["Content-Language"] == language
    return answer.text


def words(html: str) -> str:
    """The text of a part of a page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def sections(page: str) -> dict[str, str]:
    """The HTML of each flag, by its id."""
    found = re.findall(
        r'<section class="flag" id="([^"]+)">(.*?)</section>', page, re.S
    )
    assert len(dict(found)) == len(found)
    return dict(found)


def to_be_signed(page: str) -> str:
    """The list under the heading that asks for a signature."""
    return re.search(r'<h2 id="signature">.*?<ul>(.*?)</ul>', page, re.S)[1]


def test_the_page_is_in_the_language_asked_for(page, language):
    assert References(page).language == language


def test_it_says_that_no_clinician_has_signed(page, content, language):
    before_the_rules = words(page.partition("<section")[0])
    assert NOBODY[language] in before_the_rules
    assert content.service.clinical_review in before_the_rules
    assert content.service.disclaimer in before_the_rules


def test_every_flag_is_there_with_its_sources_and_its_basis(page, content):
    found = sections(page)
    (bases,) = (v.terms for v in content.vocabularies if v.id == "basis")
    labels = {term.id: term.label for term in bases}
    assert found.keys() == content.risk_flags.keys()
    for id, flag in content.risk_flags.items():
        told = words(found[id])
        for text in (flag.title, flag.action, flag.rationale, labels[flag.basis]):
            assert " ".join(text.split()) in told, id
        assert flag.sources, id
        for source in flag.sources:
            assert content.sources[source].url in References(found[id]).found
            assert content.sources[source].title in told


def test_every_flag_tells_the_questions_of_its_rule(page, content):
    """By its words: those of each question that its condition asks of it directly."""
    texts = {question.id: question.text for question in content.rules.questions}
    found = {id: words(section) for id, section in sections(page).items()}
    tried = 0
    for id, flag in content.risk_flags.items():
        if question := getattr(flag.when, "question", None):
            assert texts[question].rstrip("?") in found[id]
            tried += 1
        if flag.when is not None:
            assert '<ul class="rule">' in sections(page)[id]
    assert tried > 3


def test_what_is_our_own_judgement_needs_a_signature(page, content):
    asked = to_be_signed(page)
    judged = [f for f in content.risk_flags.values() if f.basis != "guidance"]
    listed = re.findall(r'href="#([^"]+)"', asked)
    assert len(judged) > 10
    assert listed == [flag.id for flag in judged]
    for flag in judged:
        assert flag.title in words(asked)
        assert (flag.needs_sign_off or "") in words(asked)


def test_every_worked_case_and_conflict_is_there(page, content):
    told = words(page)
    for vignette in content.vignettes.values():
        assert " ".join(vignette.narrative.split()) in told, vignette.id
    for conflict in content.rules.policies.known_conflicts:
        assert conflict.topic in told


def test_links_within_the_page_lead_somewhere(page):
    places = re.findall(r'id="([^"]+)"', page)
    inner = {a[1:] for a in References(page).found if a.startswith("#")}
    assert len(places) == len(set(places))
    assert inner <= set(places)


def test_a_browser_loads_nothing_from_another_host(client, page):
    loaded = Loaded(page).found
    assert "/docs/assets/pages.css" in loaded
    assert all(re.match(r"/(?!/)", address) for address in loaded)
    assert not re.search(r"@import|url\(|\son\w+=|<script", page)
    policy = client.get(PATH).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy


def test_every_link_of_ours_answers(client, page):
    ours = {a for a in References(page).found if a.startswith("/")}
    assert {"/v1/risk-rules", "/v1/risk-rules/vectors", "/docs"} <= ours
    for address in ours:
        with client.get(address) as answer:
            assert answer.status_code == 200, address
