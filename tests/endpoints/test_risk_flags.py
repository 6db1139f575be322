"""What /v1/risk-flags says: how urgent each is, and what to do."""

import pytest

from tests.endpoints.lists import everything, ids

PATH = "/v1/risk-flags"
URGENCIES = ["emergency", "same_day", "see_doctor_soon", "self_care"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_most_urgent_come_first(client, language):
    ranks = [
        URGENCIES.index(flag["urgency"])
        for flag in everything(client, PATH, lang=language)
    ]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("id", "urgency"),
    [
        ("suspected-pe", "emergency"),
        ("cauda-equina", "emergency"),
        ("acute-limb-ischaemia", "emergency"),
        ("suspected-rhabdomyolysis", "emergency"),
        ("suspected-dvt", "same_day"),
        ("cramp-over-10-minutes", "same_day"),
        ("possible-claudication", "see_doctor_soon"),
        ("benign-night-cramps", "self_care"),
    ],
)
def test_the_urgency_of_a_flag(client, id, urgency):
    assert client.get(f"{PATH}/{id}").get_json()["urgency"] == urgency


@pytest.mark.parametrize(
    ("urgency", "hours"), [("emergency", {0}), ("same_day", set(range(25)))]
)
def test_what_is_urgent_says_within_how_many_hours(client, urgency, hours):
    flags = everything(client, PATH, urgency=urgency)
    assert {flag["act_within_hours"] for flag in flags} <= hours


def test_a_flag_is_raised_by_a_condition_or_computed(client):
    for flag in everything(client, PATH):
        assert ("when" in flag) != flag["computed"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_flag_says_what_to_do_and_why(client, language):
    for flag in everything(client, PATH, lang=language):
        assert flag["action"]
        assert flag["rationale"]
        assert flag["basis"] in ("guidance", "guidance-plus-judgement", "judgement")


def test_a_judgement_of_ours_waits_for_a_clinician_or_has_a_source(client):
    for flag in everything(client, PATH):
        assert flag["sources"] or flag.get("needs_sign_off")


def test_every_source_of_a_flag_is_there(client):
    sources = set(ids(everything(client, "/v1/sources")))
    for flag in everything(client, PATH):
        assert set(flag["sources"]) <= sources


def test_a_condition_reads_as_in_the_rule_language(client):
    flag = client.get(f"{PATH}/cramp-over-10-minutes").get_json()
    assert "question" in str(flag["when"])
