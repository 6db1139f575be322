"""What /v1/causes says."""

import pytest

from tests.endpoints.lists import everything


@pytest.mark.parametrize(
    ("id", "verdict"),
    [
        ("lactic-acid", "unsupported"),
        ("calcium-shortage", "unsupported"),
        ("cramp-turning-into-a-clot", "unsupported"),
        ("dehydration-and-salts", "contested"),
        ("overexcited-nerves", "supported"),
        ("getting-older", "supported"),
        ("pregnancy", "supported"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_verdict_on_a_cause(client, id, verdict, language):
    cause = client.get(f"/v1/causes/{id}?lang={language}").get_json()
    assert cause["evidence"]["verdict"] == verdict
    assert cause["claims"][0]["verdict"] == verdict


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_cause_explains_itself_and_says_what_to_do(client, language):
    for cause in everything(client, "/v1/causes", lang=language):
        assert all(cause["explanation"])
        assert cause["explanation"]
        assert cause["what_to_do"]
        assert cause["evidence"]["why"]


def test_folklore_says_what_people_say(client):
    folklore = everything(client, "/v1/causes", verdict="unsupported")
    assert all(cause["people_say"] for cause in folklore)


def test_a_cause_has_the_codes_of_its_subject(client):
    cause = client.get("/v1/causes/pregnancy").get_json()
    assert all(code["system"] and code["code"] for code in cause["codes"])
