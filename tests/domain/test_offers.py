"""What is offered beside flags, and what is withheld for which of them."""

import pytest

from api.domain.answers import NOT_KNOWN, state_of
from api.domain.conditions import FactReference
from api.domain.findings import compile_facts
from api.domain.items import Withhold
from api.domain.offers import Offer, TipOffer
from api.domain.outcome import Offered, OpenFlag, RaisedFlag, Withheld
from tests.domain.examples import fact, flag, protocol, step, tip, yes


def withholding(id, raised=(), also_open=(), urgency="same_day"):
    withhold = Withhold(raised=raised, raised_or_undetermined=also_open)
    return flag(id=id, urgency=urgency, withhold=withhold)


CLOT = withholding("clot", raised=("stretching",), also_open=("massage", "heat"))
NERVE = withholding("nerve", raised=("heat",), urgency="see_doctor_soon")
FEVER = withholding("fever")
TETANUS = withholding("tetanus", raised=("massage",), urgency="emergency")
CAUDA = withholding("cauda", urgency="emergency")
FLAGS = (CLOT, NERVE, FEVER, TETANUS, CAUDA)
PROTOCOLS = (
    protocol(step(actions=("stretching",)), step(actions=("massage",)), id="both"),
    protocol(step(actions=("heat",)), id="warm"),
    protocol(step(actions=("ice",)), id="cool"),
    protocol(step(), id="rest"),
)
EVERYTHING = ("both", "warm", "cool", "rest")


def raised(*flags):
    return [RaisedFlag(flag, False, ()) for flag in flags]


def still_open(*flags):
    return [OpenFlag(flag, ()) for flag in flags]


@pytest.mark.parametrize(
    ("up", "undecided", "suitable", "withheld"),
    [
        ([], [], EVERYTHING, {}),
        ([FEVER], [FEVER, NERVE], EVERYTHING, {}),
        ([NERVE], [], ("both", "cool", "rest"), {"warm": ("nerve",)}),
        ([], [CLOT], ("cool", "rest"), {"both": ("clot",), "warm": ("clot",)}),
        ([CLOT], [], ("cool", "rest"), {"both": ("clot",), "warm": ("clot",)}),
        (
            [CLOT, NERVE],
            [],
            ("cool", "rest"),
            {"both": ("clot",), "warm": ("clot", "nerve")},
        ),
        (
            [NERVE],
            [CLOT],
            ("cool", "rest"),
            {"both": ("clot",), "warm": ("nerve", "clot")},
        ),
        # An emergency that is only open withholds what it names, not everything.
        ([], [TETANUS], EVERYTHING, {}),
        # One that is raised withholds everything, on its own account.
        ([TETANUS], [CLOT], (), dict.fromkeys(EVERYTHING, ("tetanus",))),
        (
            [TETANUS, CAUDA, NERVE],
            [],
            (),
            dict.fromkeys(EVERYTHING, ("tetanus", "cauda")),
        ),
    ],
)
def test_items_are_withheld_by_what_they_do(up, undecided, suitable, withheld):
    offered = Offer(PROTOCOLS, FLAGS).beside(raised(*up), still_open(*undecided))
    assert offered == Offered(
        suitable, tuple(Withheld(*pair) for pair in withheld.items())
    )


def test_an_action_only_withheld_when_raised_is_offered_while_open():
    stretch = Offer([protocol(step(actions=("stretching",)))], FLAGS)
    assert stretch.beside([], still_open(CLOT)).suitable == ("an-item",)
    assert stretch.beside(raised(CLOT), []).suitable == ()


TIPS = (
    tip(id="always", actions=()),
    tip(id="heat", actions=("heat",)),
    tip(id="pregnant", actions=(), offer_if=yes("pregnant")),
    tip(id="pregnant-heat", actions=("heat",), offer_if=FactReference("expecting")),
    *(tip(id=id, recommendation=id, actions=()) for id in ("recommended", "ask-first")),
    *(
        tip(id=id, recommendation=id, actions=())
        for id in ("no-benefit-shown", "avoid", "commercial-claim")
    ),
)
FACTS = compile_facts((fact("expecting", yes("pregnant")),))


@pytest.mark.parametrize(
    ("answers", "up", "undecided", "offered"),
    [
        ({}, [], [], "always heat recommended ask-first"),
        ({"pregnant": NOT_KNOWN}, [], [], "always heat recommended ask-first"),
        ({"pregnant": "no"}, [], [], "always heat recommended ask-first"),
        (
            {"pregnant": "yes"},
            [],
            [],
            "always heat pregnant pregnant-heat recommended ask-first",
        ),
        ({"pregnant": "yes"}, [NERVE], [], "always pregnant recommended ask-first"),
        ({"pregnant": "yes"}, [], [CLOT], "always pregnant recommended ask-first"),
        ({"pregnant": "yes"}, [CAUDA], [], ""),
    ],
)
def test_tips_are_offered_if_they_help_concern_and_are_not_withheld(
    answers, up, undecided, offered
):
    state = state_of(answers, ["pregnant"])
    found = TipOffer(TIPS, FLAGS, FACTS).beside(
        raised(*up), still_open(*undecided), state
    )
    assert found == tuple(offered.split())


@pytest.mark.parametrize(
    ("answers", "tips"),
    [
        ({"pregnancy_status": "not_pregnant"}, set()),
        ({"pregnancy_status": "postpartum_6_weeks"}, {"pregnancy-care"}),
        (
            {"pregnancy_status": "pregnant"},
            {"pregnancy-care", "magnesium-in-pregnancy", "calcium-in-pregnancy"},
        ),
        ({"dialysis": "yes"}, {"dialysis-care"}),
        ({"quinine": "yes"}, {"stopping-quinine", "medicine-review"}),
        *(
            ({medicine: "yes"}, {"medicine-review"})
            for medicine in ("diuretic", "statin", "long_acting_beta_agonist")
            + ("oestrogen", "raloxifene", "naproxen", "teriparatide", "iv_iron")
            + ("calcium_channel_blocker", "ppi", "other_new")
        ),
    ],
    ids=lambda value: str(sorted(value)),
)
def test_the_content_has_tips_for_some_people_only(evaluator, answers, tips):
    filled = evaluator.questionnaire.filled
    for_everyone = set(evaluator.evaluate(filled({})).tips)
    offered = set(evaluator.evaluate(filled(answers)).tips)
    assert "see-a-doctor-when-frequent" in for_everyone <= offered
    assert offered - for_everyone == tips
