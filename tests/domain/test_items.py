"""What items work out of their own parts."""

import pytest

from tests.domain.examples import cause, flag, protocol, source, step, tip


@pytest.mark.parametrize(
    ("seconds", "repeat", "rest_seconds", "total"),
    [
        (10, 1, 0, 10),
        (10, 1, 5, 10),
        (20, 3, 10, 80),
        (60, 2, 0, 120),
        (3600, 20, 600, 83_400),
    ],
)
def test_a_step_lasts_its_rounds_and_the_rests_between(
    seconds, repeat, rest_seconds, total
):
    timed = step(seconds=seconds, repeat=repeat, rest_seconds=rest_seconds)
    assert timed.total_seconds == total


def test_a_protocol_lasts_as_long_as_its_steps():
    assert (
        protocol(step(), step(seconds=20, repeat=3, rest_seconds=10)).total_seconds
        == 90
    )


def test_a_protocol_has_each_action_of_its_steps_once_in_their_order():
    steps = [step(actions=actions) for actions in (("b", "a"), (), ("c", "a"))]
    assert protocol(*steps).actions == ("b", "a", "c")


@pytest.mark.parametrize(
    ("item", "facets"),
    [
        (cause(), {"population": {"adults", "pregnancy"}, "verdict": {"mixed"}}),
        (
            tip(),
            {
                "population": {"adults", "pregnancy"},
                "verdict": {"mixed"},
                "recommendation": {"may-help"},
                "action": {"stretching"},
            },
        ),
        (
            protocol(step(actions=("massage",)), step(actions=("heat",))),
            {
                "population": {"adults", "pregnancy"},
                "verdict": {"mixed"},
                "when": {"during"},
                "site": {"calf", "foot"},
                "position": {"in-bed"},
                "action": {"massage", "heat"},
            },
        ),
        (flag(), {"population": {"adults", "pregnancy"}, "urgency": {"same_day"}}),
        (source(), {"kind": {"rct"}}),
    ],
    ids=lambda value: getattr(value, "type", ""),
)
def test_an_item_answers_to_the_filters_of_its_kind(item, facets):
    assert item.facets == facets


@pytest.mark.parametrize(
    ("item", "claims"),
    [
        (cause(), ("first-claim", "second-claim")),
        (tip(), ("first-claim", "second-claim")),
        (protocol(), ("first-claim", "second-claim")),
        (flag(), ("first-claim",)),
        (source(), ()),
    ],
    ids=lambda value: getattr(value, "type", ""),
)
def test_an_item_names_the_claims_it_rests_on(item, claims):
    assert item.claim_ids == claims


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (cause(people_say="Folklore.", what_to_do="Sleep."), {"Folklore.", "Sleep."}),
        (tip(how_to=("Do.",), cautions=("Mind.",)), {"Do.", "Mind.", "Because."}),
        (protocol(step(text="Pull.")), {"Pull.", "Relief.", "Trials disagree."}),
        (flag(), {"Call.", "A reason."}),
        (source(), {"A journal"}),
    ],
    ids=lambda value: getattr(value, "type", ""),
)
def test_search_reads_the_words_of_an_item(item, words):
    assert words <= set(item.prose)


def test_a_source_is_searched_by_author_and_number_and_summed_up_by_its_finding():
    trial = source(authors="Hallegraeff JM", pmid="22341378")
    assert trial.keywords == ("Hallegraeff JM", "22341378")
    assert trial.summary == "It helped."
