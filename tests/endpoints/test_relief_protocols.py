"""What /v1/relief-protocols says: timelines that an app can run."""

import pytest

from tests.endpoints.lists import everything, ids

PATH = "/v1/relief-protocols"


@pytest.fixture(params=["en", "ru"])
def protocols(client, request):
    return everything(client, PATH, lang=request.param)


def test_every_step_has_whole_seconds_and_rounds(protocols):
    for step in (step for protocol in protocols for step in protocol["steps"]):
        assert type(step["seconds"]) is type(step["repeat"]) is int
        assert step["seconds"] > 0
        assert step["repeat"] > 0
        assert step["rest_seconds"] >= 0


def test_every_glance_fits_on_a_watch(protocols):
    for step in (step for protocol in protocols for step in protocol["steps"]):
        assert 0 < len(step["glance"]) <= 40
        assert step["text"]
        assert step["speech"]


def test_the_seconds_of_a_protocol_add_up(protocols):
    for protocol in protocols:
        for step in protocol["steps"]:
            rests = (step["repeat"] - 1) * step["rest_seconds"]
            assert step["total_seconds"] == step["repeat"] * step["seconds"] + rests
        steps = [step["total_seconds"] for step in protocol["steps"]]
        assert protocol["total_seconds"] == sum(steps) <= 1800


def test_the_actions_of_a_protocol_are_those_of_its_steps(protocols):
    for protocol in protocols:
        actions = [action for step in protocol["steps"] for action in step["actions"]]
        assert protocol["actions"] == list(dict.fromkeys(actions))


def test_every_protocol_says_when_not_to_and_when_to_stop(protocols, client):
    flags = set(ids(everything(client, "/v1/risk-flags")))
    for protocol in protocols:
        assert protocol["do_not_if"]
        assert protocol["stop_when"]
        assert protocol["what_to_expect"]
        assert set(protocol["stop_if"]) <= flags


def test_a_protocol_is_withheld_by_the_flags_that_withhold_its_actions(
    protocols, client
):
    flags = everything(client, "/v1/risk-flags")
    for protocol in protocols:
        for state in ("raised", "raised_or_undetermined"):
            withholding = {
                flag["id"]
                for flag in flags
                if set(flag["withhold"][state]) & set(protocol["actions"])
            }
            assert set(protocol["withheld_by"][state]) == withholding


def test_a_possible_clot_withholds_stretching_and_massage(client):
    for id in ("calf-stretch", "calf-massage"):
        withheld_by = client.get(f"{PATH}/{id}").get_json()["withheld_by"]
        assert "suspected-dvt" in sum(withheld_by.values(), [])


def test_the_first_answer_to_a_calf_cramp_in_bed_is_a_stretch(client):
    query = {"when": "during", "site": "calf", "position": "in-bed"}
    assert "calf-stretch" in ids(everything(client, PATH, **query))
    protocol = client.get(f"{PATH}/calf-stretch").get_json()
    assert protocol["actions"] == ["stretching"]
    assert protocol["total_seconds"] < 120


def test_there_is_something_for_every_site_and_position(client):
    for name, values in {
        "site": ["calf", "foot", "hamstring"],
        "position": ["in-bed", "sitting", "standing"],
        "when": ["during", "after"],
    }.items():
        for value in values:
            assert everything(client, PATH, **{name: value})
