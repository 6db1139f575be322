"""What is found: word forms, order, types, and no error for any input."""

import re

import pytest

from api.search import TantivySearch


@pytest.fixture(scope="module")
def index(library):
    return TantivySearch(library)


@pytest.fixture(scope="module")
def found(client):
    """The hits of a search over HTTP, as `type/id`."""

    def search(phrase: str, language: str = "en", **query: str) -> list[str]:
        query |= {"q": phrase, "lang": language, "page_size": "100"}
        answer = client.get("/v1/search", query_string=query)
        assert answer.status_code == 200
        hits = answer.get_json()["items"]
        return [f"{hit['type']}/{hit['id']}" for hit in hits]

    return search


@pytest.mark.parametrize(
    ("language", "forms", "id"),
    [
        (
            "en",
            ["stretch", "stretches", "stretched", "Stretching"],
            "prevention-tip/bedtime-stretching",
        ),
        ("en", ["supplement", "supplements"], "prevention-tip/magnesium"),
        ("en", ["massage", "massaging", "MASSAGED"], "relief-protocol/calf-massage"),
        ("en", ["pregnant", "pregnant?"], "relief-protocol/cramp-in-pregnancy"),
        (
            "ru",
            ["растяжка", "растяжку", "растяжки", "РАСТЯЖКОЙ"],
            "prevention-tip/bedtime-stretching",
        ),
        ("ru", ["магний", "магния", "магнием"], "prevention-tip/magnesium"),
        ("ru", ["подушка", "подушку", "подушкой"], "prevention-tip/pillow-under-feet"),
        ("ru", ["тромб", "тромба", "тромбом"], "risk-flag/suspected-dvt"),
        ("ru", ["беременность", "беременности"], "cause/pregnancy"),
    ],
)
def test_every_form_of_a_word_finds_the_same(found, language, forms, id):
    hits = found(forms[0], language)
    assert id in hits
    for form in forms:
        assert found(form, language) == hits


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("тёплое полотенце", "теплое полотенце"),
        ("ТЁПЛОЕ", "теплое"),
        ("отёк", "отек"),
        ("ребёнок", "ребенок"),
    ],
)
def test_a_word_with_and_without_dots_finds_the_same(found, written, typed):
    assert found(typed, "ru") == found(written, "ru") != []


@pytest.mark.parametrize(
    ("language", "phrase", "first"),
    [
        ("en", "rub the calf", "relief-protocol/calf-massage"),
        ("en", "gabapentin", "prevention-tip/gabapentin"),
        ("en", "lactic acid", "cause/lactic-acid"),
        ("en", "vitamin D", "prevention-tip/vitamin-d"),
        ("en", "statins", "cause/statins"),
        ("en", "compression stockings", "prevention-tip/compression-stockings"),
        ("ru", "растяжка", "prevention-tip/bedtime-stretching"),
        ("ru", "молочная кислота", "cause/lactic-acid"),
        ("ru", "габапентин", "prevention-tip/gabapentin"),
        ("ru", "теплое полотенце", "relief-protocol/warm-compress"),
        ("ru", "столбняк", "risk-flag/suspected-tetanus"),
    ],
)
def test_the_best_match_comes_first(found, language, phrase, first):
    assert found(phrase, language)[0] == first


@pytest.mark.parametrize(
    ("language", "word", "stem"),
    [
        ("en", "stretching", "stretch"),
        ("en", "magnesium", "magnesium"),
        ("en", "quinine", "quinine"),
        ("en", "cramps", "cramp"),
        ("en", "night", "night"),
        ("en", "calcium", "calcium"),
        ("en", "statins", "statin"),
        ("ru", "судороги", "судорог"),
        ("ru", "магний", "магни"),
        ("ru", "хинин", "хинин"),
        ("ru", "кальций", "кальци"),
        ("ru", "лекарство", "лекарств"),
        ("ru", "икра", r"\bикр"),
    ],
)
def test_what_matches_in_a_title_comes_first(index, language, word, stem):
    hits = index.find(language, word)
    in_title = [bool(re.search(stem, hit.title.lower())) for hit in hits]
    assert in_title == sorted(in_title, reverse=True)
    assert True in in_title
    assert False in in_title


@pytest.mark.parametrize(
    "type", ["cause", "relief-protocol", "prevention-tip", "risk-flag", "source"]
)
@pytest.mark.parametrize(("language", "phrase"), [("en", "cramp"), ("ru", "судорога")])
def test_a_type_keeps_its_own_hits_in_their_order(index, found, language, phrase, type):
    hits = [f"{hit.type}/{hit.id}" for hit in index.find(language, phrase)]
    wanted = [hit for hit in hits if hit.startswith(f"{type}/")]
    assert found(phrase, language, type=type) == wanted[:100]
    assert 0 < len(wanted) < len(hits)


@pytest.mark.parametrize(
    ("language", "phrase"),
    [
        ("en", "zzzyx"),
        ("ru", "ыыыъ"),
        ("en", "the"),
        ("en", "растяжка"),
        ("en", "*"),
        ("en", '"'),
        ("ru", "😀"),
        ("en", "x" * 200),
    ],
)
def test_nothing_found_is_an_empty_list(client, language, phrase):
    query = {"q": phrase, "lang": language}
    answer = client.get("/v1/search", query_string=query)
    assert answer.status_code == 200
    assert answer.get_json()["items"] == []
    assert answer.get_json()["total"] == 0


@pytest.mark.parametrize(
    "phrase",
    [
        '"magnesium"',
        "“magnesium”",
        "magnesium*",
        "+magnesium -calcium",
        "title:magnesium",
        "magnesium AND OR * : ~ (",
        "magnesium)",
        "magnesium^2",
        "(magnesium",
        "{magnesium TO x]",
        "magnesium\\",
        "😀 magnesium",
        "magnesium\x00",
        "<b>magnesium</b>",
        "магний magnesium",
        "magnesium'; DROP TABLE items --",
    ],
)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_odd_input_is_only_words(found, phrase, language):
    sources = found("magnesium", language, type="source")
    assert set(sources) <= set(found(phrase, language, type="source"))
    assert sources


@pytest.mark.parametrize("phrase", ["судорога " * 22, "МАГНИЙ, " * 25])
def test_the_longest_phrase_is_searched(found, phrase):
    assert len(phrase) <= 200
    assert found(phrase, "ru") == found(phrase.split()[0], "ru")


def test_latin_is_found_among_russian(found):
    assert found("Hallegraeff", "ru", type="source")
    assert found("22341378", "ru") == ["source/hallegraeff-2012"]


def test_more_words_find_more(found):
    one, other = set(found("quinine")), set(found("tetanus"))
    assert set(found("quinine tetanus")) == one | other


def test_every_title_finds_its_item(index, library):
    for language in library.languages:
        for item in library.catalogue(language).items:
            hits = index.find(language, item.title)
            assert item.title in [hit.title for hit in hits[:10]]


def test_a_code_finds_what_it_is_attached_to(client):
    found = client.get("/v1/search?q=G25.81").get_json()["items"]
    assert {"rls-pattern", "restless-legs-look-alike"} <= {i["id"] for i in found[:3]}
