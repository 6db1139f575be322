import re
import shutil
from itertools import groupby
from pathlib import Path

import pytest

from api.check_content import CONTENT, main
from api.domain.items import Attribution
from api.loader import ContentError, load_library

URL = "https://api.example"
CYRILLIC = re.compile("[А-Яа-яЁё]")
KINDS = ("causes", "relief_protocols", "prevention_tips", "risk_flags", "sources")


@pytest.fixture(scope="module")
def library():
    return load_library(CONTENT, URL)


@pytest.fixture(scope="module")
def en(library):
    return library.catalogue("en")


@pytest.fixture(scope="module")
def ru(library):
    return library.catalogue("ru")


@pytest.fixture
def content(tmp_path) -> Path:
    """A copy of the content, to be broken."""
    return shutil.copytree(CONTENT, tmp_path / "content")


def retitle(path: Path, key: str, words: str = "Other words") -> None:
    """Give the English text at the top-level `key` other words."""
    text = path.read_text(encoding="utf-8")
    changed = re.sub(f"^{key}: .*$", f"{key}: {words}", text, flags=re.MULTILINE)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


def test_the_original_language_comes_first(library):
    assert library.languages == ("en", "ru")
    assert library.original == "en"


@pytest.mark.parametrize("kind", [*KINDS, "claims"])
def test_both_languages_have_the_same_ids(kind, en, ru):
    ids = list(getattr(en, kind))
    assert ids
    assert list(getattr(ru, kind)) == ids


def test_both_languages_have_the_same_questions(en, ru):
    ids = [question.id for question in en.rules.questions]
    assert ids
    assert [question.id for question in ru.rules.questions] == ids


def test_each_file_of_a_folder_is_an_item(en):
    files = (CONTENT / "causes").glob("*.yaml")
    assert list(en.causes) == sorted(path.stem for path in files)


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_every_russian_item_speaks_russian(kind, ru):
    english = [
        item.id
        for item in getattr(ru, kind).values()
        if not (CYRILLIC.search(item.title) and CYRILLIC.search(item.summary))
    ]
    assert english == []


def test_every_russian_source_tells_its_finding_in_russian(ru):
    english = [id for id, s in ru.sources.items() if not CYRILLIC.search(s.finding)]
    assert english == []


def test_the_original_says_no_russian_word(en):
    russian = [item.id for item in en.items if CYRILLIC.search(item.summary)]
    assert russian == []


def test_claims_are_resolved_in_order(en, ru):
    for catalogue in (en, ru):
        item = catalogue.relief_protocols["after-cramp-soreness"]
        claims = catalogue.claims
        assert item.publication.claims == (
            claims["acute-selfcare-standing"],
            claims["clinical-features"],
        )


def test_a_russian_item_has_russian_claims(ru):
    (claim,) = ru.causes["alcohol"].publication.claims
    assert claim.id == "alcohol"
    assert CYRILLIC.search(claim.text)


@pytest.mark.parametrize(
    ("kind", "id", "codes"),
    [
        ("risk_flags", "suspected-dvt", ["I82.4", "I82.409", "BD71.4"]),
        ("causes", "restless-legs-look-alike", ["G25.81", "7A80"]),
        ("causes", "blocked-leg-arteries", ["I73.9", "BD40.0"]),
        ("causes", "alcohol", []),
        ("sources", "nhs-dvt", []),
    ],
)
def test_codes_are_those_of_the_flag_or_once_those_of_the_claims(kind, id, codes, en):
    item = getattr(en, kind)[id]
    assert [code.code for code in item.publication.codes] == codes


def test_the_topic_has_its_own_codes(en):
    codes = [code.code for code in en.topic_codes]
    assert codes[0] == "G47.62"
    assert "I82.4" not in codes


def test_a_protocol_names_the_flags_that_withhold_it(en):
    withheld_by = en.relief_protocols["calf-massage"].publication.withheld_by
    assert set(withheld_by.raised_or_undetermined) == {
        "suspected-dvt",
        "dvt-pregnancy-postpartum",
        "suspected-pe",
    }
    assert "quinine-bleeding" in withheld_by.raised
    assert "suspected-dvt" not in withheld_by.raised
    assert "alcohol" not in withheld_by.raised


def test_what_no_flag_withholds_says_so(en):
    withheld_by = en.causes["alcohol"].publication.withheld_by
    assert withheld_by.raised == ()
    assert withheld_by.raised_or_undetermined == ()


def test_an_item_knows_its_address(ru):
    links = ru.causes["alcohol"].publication.links
    assert links.self == "https://api.example/v1/causes/alcohol"


def test_a_credit_names_title_address_and_license(en):
    assert en.causes["alcohol"].publication.attribution == Attribution(
        license="CC-BY-4.0",
        text="“Alcohol” by Nightcramp (https://api.example/v1/causes/alcohol),"
        " CC BY 4.0",
        html='“<a href="https://api.example/v1/causes/alcohol">Alcohol</a>” by'
        ' Nightcramp (<a href="https://api.example/v1/causes/alcohol">'
        "https://api.example/v1/causes/alcohol</a>),"
        ' <a rel="license" href="https://creativecommons.org/licenses/by/4.0/">'
        "CC BY 4.0</a>",
    )


def test_a_credit_is_escaped_for_html(content):
    retitle(content / "causes/alcohol.yaml", "title", "Beer & <b>wine</b>")
    cause = load_library(content, URL).catalogue("en").causes["alcohol"]
    attribution = cause.publication.attribution
    assert attribution.text.startswith("“Beer & <b>wine</b>” by")
    assert ">Beer &amp; &lt;b&gt;wine&lt;/b&gt;</a>”" in attribution.html


def test_a_russian_credit_is_in_russian(ru):
    attribution = ru.causes["alcohol"].publication.attribution
    assert attribution.text.startswith("«Алкоголь», Nightcramp (https://api.example/")


def test_flags_come_most_urgent_first(en):
    urgencies = [flag.urgency for flag in en.risk_flags.values()]
    assert [urgency for urgency, _ in groupby(urgencies)] == [
        "emergency",
        "same_day",
        "see_doctor_soon",
        "self_care",
    ]


BROKEN_CODES = """\
id: codes
codes:
  - system: MeSH
    code: D009120
    display: Muscle Cramp
    role: related
    authority: NLM
    checked: original
    attached_to: {topic: true, flags: [nothing], claims: []}
"""
BROKEN_RELEASE = f"""\
id: 2027.01.0
released_on: 2027-01-01
ruleset_version: 1
content: {"a" * 64}
summary: A summary.
extra: 1
"""


def test_all_problems_of_all_files_are_told_at_once_and_in_order(content):
    """Those of the release are found first: references are looked at last."""
    (content / "codes.yaml").write_text(BROKEN_CODES)
    (content / "releases/2027.01.0.yaml").write_text(BROKEN_RELEASE)
    with pytest.raises(ContentError) as caught:
        load_library(content, URL)
    assert str(caught.value).splitlines() == [
        f"{content}/codes.yaml:9: codes.0.attached_to.flags.0:"
        " there is no risk-flags 'nothing'",
        f"{content}/releases/2027.01.0.yaml:3: ruleset_version: Not a valid string.",
        f"{content}/releases/2027.01.0.yaml:6: extra: unknown key",
    ]


def test_an_outdated_translation_is_served_and_says_so(content):
    retitle(content / "causes/alcohol.yaml", "title")
    library = load_library(content, URL)
    russian = library.catalogue("ru").causes["alcohol"]
    assert russian.title == "Алкоголь"
    assert russian.publication.translation.status == "outdated"
    english = library.catalogue("en").causes["alcohol"]
    assert english.title == "Other words"
    assert english.publication.translation.status == "original"


def test_only_what_was_left_behind_is_outdated(content, ru):
    retitle(content / "causes/alcohol.yaml", "title")
    after = load_library(content, URL).catalogue("ru")
    assert outdated(after) - outdated(ru) == {("cause", "alcohol")}
    assert after.publication == ru.publication


def outdated(catalogue) -> set[tuple[str, str]]:
    return {
        (item.type, item.id)
        for item in catalogue.items
        if item.publication.translation.status == "outdated"
    }


def test_rules_are_outdated_with_any_of_their_documents(content):
    retitle(content / "risk-questions/alcohol.yaml", "stem")
    library = load_library(content, URL)
    status = library.catalogue("ru").publication.translation.status
    assert status == "outdated"
    assert library.catalogue("en").publication.translation.status == "original"


def test_the_check_refuses_an_outdated_translation_unless_told_otherwise(
    content, capsys
):
    retitle(content / "causes/alcohol.yaml", "title")
    assert main([str(content)]) == 1
    assert main([str(content), "--allow-outdated"]) == 0
    outdated = f"{content}/translations/ru/causes/alcohol.yaml:1: the English text"
    assert capsys.readouterr().out.count(outdated) == 2


def test_a_problem_is_refused_even_where_outdated_is_allowed(content, capsys):
    (content / "releases/2027.01.0.yaml").write_text(BROKEN_RELEASE)
    assert main([str(content), "--allow-outdated"]) == 1
    assert "2 problems" in capsys.readouterr().out
