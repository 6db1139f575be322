"""What /v1 says: everything there is, and the words for the codes in answers."""

import pytest

from tests.endpoints.lists import everything

COUNTED = ["causes", "relief_protocols", "prevention_tips", "risk_flags", "sources"]


@pytest.fixture(params=["en", "ru"])
def service(client, request):
    return client.get(f"/v1?lang={request.param}").get_json()


def test_every_link_answers(service, client, library):
    for name, address in service["links"].items():
        assert address.startswith(library.public_url)
        answer = client.get(address.replace("{q}", "cramp"))
        assert answer.status_code == 200 or "POST" in answer.allow, name


def test_self_is_this_document(service, client):
    again = client.get(f"{service['links']['self']}?lang={service['language']}")
    assert again.get_json() == service


def test_it_counts_what_is_there(service, client):
    for name in COUNTED:
        answer = client.get(service["links"][name]).get_json()
        assert service["counts"][name] == answer["total"]
    groups = client.get(service["links"]["risk_questions"]).get_json()["groups"]
    asked = sum(len(group["questions"]) for group in groups)
    assert service["counts"]["risk_questions"] == asked


def test_it_names_its_versions_and_languages(service, library):
    assert service["api_version"] == "1.0.0"
    assert service["content_version"] == library.release.version
    assert service["ruleset_version"] == library.release.ruleset_version
    assert service["released_on"] == library.release.released_on.isoformat()
    assert service["languages"] == ["en", "ru"]


def test_it_says_the_licence_and_that_no_clinician_has_signed(client):
    service = client.get("/v1?lang=en").get_json()
    assert service["license"]["id"] == "CC-BY-4.0"
    assert "No clinician has reviewed or signed it yet" in service["clinical_review"]
    assert "not a diagnosis" in service["disclaimer"]


def test_its_words_are_translated(client):
    english, russian = (
        client.get(f"/v1?lang={tag}").get_json() for tag in ("en", "ru")
    )
    for key in ("description", "disclaimer", "clinical_review"):
        assert english[key] != russian[key]
    assert english["topic"] == russian["topic"]


@pytest.mark.parametrize(
    ("vocabulary", "path", "key"),
    [
        ("verdict", "/v1/causes", lambda i: [i["evidence"]["verdict"]]),
        ("certainty", "/v1/causes", lambda i: [i["evidence"]["certainty"]]),
        ("population", "/v1/risk-flags", lambda i: i["populations"]),
        ("recommendation", "/v1/prevention-tips", lambda i: [i["recommendation"]]),
        ("urgency", "/v1/risk-flags", lambda i: [i["urgency"]]),
        ("basis", "/v1/risk-flags", lambda i: [i["basis"]]),
        ("when", "/v1/relief-protocols", lambda i: [i["when"]]),
        ("site", "/v1/relief-protocols", lambda i: i["sites"]),
        ("position", "/v1/relief-protocols", lambda i: i["positions"]),
        ("side", "/v1/relief-protocols", lambda i: [s["side"] for s in i["steps"]]),
        ("source-kind", "/v1/sources", lambda i: [i["kind"]]),
    ],
)
def test_every_code_in_an_answer_has_a_word(service, client, vocabulary, path, key):
    terms = {v["id"]: v["terms"] for v in service["vocabularies"]}[vocabulary]
    labels = {term["id"]: term["label"] for term in terms}
    codes = {code for item in everything(client, path) for code in key(item)}
    assert codes
    assert all(labels[code] for code in codes)


def test_the_subject_has_the_code_of_sleep_related_leg_cramps(service):
    codes = {(code["system"], code["code"]) for code in service["topic"]["codes"]}
    assert {("ICD-10-CM", "G47.62"), ("ICD-11", "7A82")} <= codes
