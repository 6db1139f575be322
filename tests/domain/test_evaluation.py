"""From answers to urgency, on a few rules of each kind."""

import dataclasses

import pytest

from api.domain.answers import NOT_KNOWN
from api.domain.conditions import AllOf, AnyOf, Comparison, FactReference, Not
from api.domain.evaluation import Evaluator
from api.domain.findings import Reason
from api.domain.items import Withhold
from api.domain.outcome import RANKS, OpenQuestion, Withheld
from api.domain.rules import ConsistencyCheck
from api.domain.truth import FALSE, TRUE, UNKNOWN
from tests.domain.examples import (
    fact,
    flag,
    group,
    number,
    protocol,
    question,
    rule_set,
    step,
    tip,
    yes,
)

DENIED = AllOf((yes("tired"), Not(yes("rested"))))
FLAGS = (
    flag(id="clot", urgency="emergency", route="ed_now", when=yes("breathless")),
    flag(id="tetanus", urgency="emergency", route="ambulance", when=yes("stiff")),
    flag(
        id="swelling",
        urgency="same_day",
        route="urgent_line",
        act_within_hours=24,
        when=AllOf((yes("swollen"), yes("sore"))),
        withhold=Withhold(raised=("heat",), raised_or_undetermined=("massage",)),
    ),
    flag(
        id="presumed",
        urgency="same_day",
        route="urgent_line",
        act_within_hours=12,
        when=AllOf((FactReference("numb"), yes("recent", if_unknown=True))),
    ),
    flag(
        id="sore",
        urgency="see_doctor_soon",
        route="gp_appointment",
        act_within_hours=48,
        when=yes("sore"),
    ),
    flag(id="tired", urgency="see_doctor_soon", route="none", when=DENIED),
    flag(
        id="child",
        urgency="see_doctor_soon",
        route="gp_appointment",
        when=yes("limps"),
    ),
    flag(id="note", urgency="self_care", route="none", when=yes("pregnant")),
    flag(id="benign", urgency="self_care", route="none", computed=True),
    flag(id="unused", urgency="emergency", route="none"),
)
CHILD = Comparison("age", "below", 16)
CHECKS = (
    ConsistencyCheck(
        id="only-a-warning",
        when=AllOf((yes("pregnant"), CHILD)),
        message="",
    ),
    ConsistencyCheck(
        id="children-limp",
        when=AllOf((Not(CHILD), yes("limps"))),
        message="",
        set={"limps": "no", "skips": NOT_KNOWN},
    ),
    ConsistencyCheck(
        id="tired-and-rested",
        when=AllOf((yes("tired"), yes("rested"))),
        message="",
        set={"rested": NOT_KNOWN},
    ),
)
RULES = rule_set(
    group(
        question("breathless"), question("stiff"), number("age", negative=50), stage=1
    ),
    group(question("swollen"), question("numb"), question("recent"), stage=2),
    group(question("sore"), question("tired"), question("rested", optional=True)),
    group(question("pregnant")),
    group(
        question("limps", ask_if=CHILD),
        question("skips", ask_if=FactReference("child")),
        stage=4,
    ),
    facts=(fact("numb", yes("numb")), fact("child", CHILD)),
    checks=CHECKS,
)
PROTOCOLS = (
    protocol(step(actions=("massage",)), id="massage"),
    protocol(step(actions=("heat",)), id="warmth"),
    protocol(step(), id="rest"),
)
TIPS = (
    tip(id="always", actions=()),
    tip(id="kneading", actions=("massage",)),
    tip(id="expecting", actions=(), offer_if=yes("pregnant")),
)
EVALUATOR = Evaluator(RULES, FLAGS, PROTOCOLS, TIPS)
HARMLESS = EVALUATOR.questionnaire.filled({}) | {"rested": "no"}


def alone(**answers):
    """Nothing else was asked."""
    return EVALUATOR.evaluate(answers)


def among(**answers):
    """Everything else was asked, and is harmless."""
    return EVALUATOR.evaluate(HARMLESS | answers)


def raised(evaluation):
    return [raised.flag.id for raised in evaluation.flags]


def undecided(evaluation):
    return [open_flag.flag.id for open_flag in evaluation.open_flags]


@pytest.mark.parametrize(
    ("answers", "level", "flags"),
    [
        ({}, "self_care", ["benign"]),
        ({"pregnant": "yes"}, "self_care", ["note", "benign"]),
        ({"sore": "yes"}, "see_doctor_soon", ["sore"]),
        ({"sore": "yes", "swollen": "yes"}, "same_day", ["swelling", "sore"]),
        ({"stiff": "yes", "sore": "yes"}, "emergency", ["tetanus", "sore"]),
        ({"numb": "yes"}, "self_care", ["benign"]),
        ({"numb": "yes", "recent": "yes"}, "same_day", ["presumed"]),
    ],
    ids=str,
)
def test_the_level_of_a_whole_interview_is_that_of_its_highest_flag(
    answers, level, flags
):
    found = among(**answers)
    assert (found.level, found.could_reach, found.settled) == (level, level, True)
    assert (raised(found), undecided(found)) == (flags, [])
    assert (found.next_questions, found.unresolved, found.warnings) == ((), (), ())


@pytest.mark.parametrize(
    ("unknown", "answers", "level", "reach"),
    [
        # The floor of what an unknown answer leaves open is one level lower.
        (["breathless"], {}, "same_day", "emergency"),
        (["swollen"], {"sore": "yes"}, "see_doctor_soon", "same_day"),
        (["swollen", "sore"], {}, "see_doctor_soon", "same_day"),
        (["breathless"], {"sore": "yes"}, "same_day", "emergency"),
        (["breathless"], {"stiff": "yes"}, "emergency", "emergency"),
        (["tired"], {}, "self_care", "see_doctor_soon"),
        (["pregnant"], {}, "self_care", "self_care"),
        # Unknown, but nothing is open for it.
        (["swollen"], {}, "self_care", "self_care"),
        (["numb"], {}, "self_care", "self_care"),
        (["numb"], {"recent": "yes"}, "see_doctor_soon", "same_day"),
    ],
    ids=str,
)
def test_an_unknown_answer_lifts_the_level_to_a_floor(unknown, answers, level, reach):
    found = among(**answers, **dict.fromkeys(unknown, NOT_KNOWN))
    assert (found.level, found.could_reach) == (level, reach)
    assert found.settled is (level == reach)
    assert {question.question for question in found.unresolved} == set(unknown)


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({"breathless": NOT_KNOWN}, "same_day"),
        ({"sore": NOT_KNOWN, "swollen": "yes"}, "see_doctor_soon"),
        ({"recent": NOT_KNOWN, "numb": NOT_KNOWN}, "see_doctor_soon"),
        # Harmless answers to what was not asked would settle these.
        ({"swollen": NOT_KNOWN}, "undetermined"),
        ({"numb": NOT_KNOWN}, "undetermined"),
        ({"tired": NOT_KNOWN}, "undetermined"),
    ],
    ids=str,
)
def test_a_floor_is_for_what_stays_open_however_harmless_the_rest(answers, level):
    assert alone(**answers).level == level


@pytest.mark.parametrize(
    ("absent", "answers", "level", "reach"),
    [
        (["breathless"], {}, "undetermined", "emergency"),
        (["swollen", "sore"], {}, "undetermined", "same_day"),
        (["swollen"], {"sore": "yes"}, "see_doctor_soon", "same_day"),
        (["breathless"], {"sore": "yes"}, "see_doctor_soon", "emergency"),
        (["breathless"], {"stiff": "yes"}, "emergency", "emergency"),
        (["breathless", "swollen"], {"sore": "yes"}, "see_doctor_soon", "emergency"),
        (["tired"], {}, "self_care", "see_doctor_soon"),
        (["pregnant"], {}, "self_care", "self_care"),
        (["sore"], {"stiff": "yes"}, "emergency", "emergency"),
        # Not asked, but nothing is open for it.
        (["swollen"], {}, "self_care", "self_care"),
        (["limps"], {}, "self_care", "self_care"),
    ],
    ids=str,
)
def test_self_care_is_not_said_while_danger_is_open(absent, answers, level, reach):
    asked = {id: answer for id, answer in HARMLESS.items() if id not in absent}
    found = EVALUATOR.evaluate(asked | answers)
    assert (found.level, found.could_reach) == (level, reach)
    assert found.settled is (level == reach)
    assert ("benign" in raised(found)) is (level == reach == "self_care")


def test_undetermined_lies_between_self_care_and_the_next_level():
    ranked = ["self_care", "undetermined", "see_doctor_soon", "same_day", "emergency"]
    assert sorted(RANKS, key=RANKS.__getitem__) == ranked
    assert len(set(RANKS.values())) == len(ranked)


def test_nothing_asked_is_undetermined_and_everything_open():
    found = alone()
    assert (found.level, found.could_reach) == ("undetermined", "emergency")
    assert (found.settled, found.flags, found.unresolved) == (False, (), ())
    assert undecided(found) == [
        flag.id for flag in FLAGS if flag.id not in ("benign", "unused")
    ]
    assert found.open_flags[2].needs == ("swollen", "sore")
    assert found.open_flags[5].needs == ("tired",)


def asked_next(evaluation):
    return [(q.question, q.could_reach) for q in evaluation.next_questions]


@pytest.mark.parametrize(
    ("answers", "questions"),
    [
        # The most dangerous first, then in asking order, then the other gates; what
        # depends on an age that was not asked can wait.
        (
            {},
            [
                ("breathless", "emergency"),
                ("stiff", "emergency"),
                ("swollen", "same_day"),
                ("numb", "same_day"),
                ("sore", "same_day"),
                ("tired", "see_doctor_soon"),
                ("age", "undetermined"),
                ("recent", "undetermined"),
            ],
        ),
        # No gates once there is a level, and only what could raise it.
        (
            {"sore": "yes"},
            [
                ("breathless", "emergency"),
                ("stiff", "emergency"),
                ("swollen", "same_day"),
                ("numb", "same_day"),
            ],
        ),
        # What is not known is not asked again.
        ({"breathless": NOT_KNOWN}, [("stiff", "emergency")]),
        ({"stiff": "yes"}, []),
        (
            {"age": 15, "breathless": "no", "stiff": "no", "sore": "no", "numb": "no"},
            [
                ("tired", "see_doctor_soon"),
                ("limps", "see_doctor_soon"),
            ],
        ),
        (
            {"age": 16, "breathless": "no", "stiff": "no", "sore": "no", "numb": "no"},
            [("tired", "see_doctor_soon")],
        ),
        (
            {"age": 15, "stiff": "no", "sore": "no", "numb": "no", "tired": "no"},
            [
                ("breathless", "emergency"),
                ("limps", "see_doctor_soon"),
                ("swollen", "undetermined"),
                ("recent", "undetermined"),
            ],
        ),
    ],
    ids=str,
)
def test_next_is_what_the_most_urgent_open_flags_need(answers, questions):
    assert asked_next(alone(**answers)) == questions


def test_an_emergency_ends_the_interview():
    found = alone(stiff="yes")
    assert (found.level, found.could_reach) == ("emergency", "emergency")
    assert (found.settled, found.next_questions) == (True, ())


@pytest.mark.parametrize(
    ("answers", "unresolved"),
    [
        ({"breathless": NOT_KNOWN}, [("breathless", "emergency")]),
        (
            {"sore": NOT_KNOWN, "swollen": NOT_KNOWN, "breathless": NOT_KNOWN},
            [
                ("breathless", "emergency"),
                ("swollen", "same_day"),
                ("sore", "same_day"),
            ],
        ),
        ({"pregnant": NOT_KNOWN}, [("pregnant", "self_care")]),
        ({"swollen": NOT_KNOWN}, [("swollen", "self_care")]),
        ({"sore": NOT_KNOWN, "stiff": "yes"}, [("sore", "emergency")]),
        # Sent although it does not apply.
        ({"limps": NOT_KNOWN}, [("limps", "see_doctor_soon")]),
    ],
    ids=str,
)
def test_what_is_unknown_is_listed_in_asking_order_with_what_it_could_bring(
    answers, unresolved
):
    assert among(**answers).unresolved == tuple(OpenQuestion(*q) for q in unresolved)


@pytest.mark.parametrize(
    ("found", "route", "hours"),
    [
        (among(stiff="yes"), "ambulance", 0),
        (among(breathless="yes"), "ed_now", 0),
        # The first route in their order, and the shortest time, of this level only.
        (among(breathless="yes", stiff="yes"), "ambulance", 0),
        (among(breathless="yes", swollen="yes", sore="yes"), "ed_now", 0),
        (among(swollen="yes", sore="yes"), "urgent_line", 24),
        (among(swollen="yes", sore="yes", numb="yes", recent="yes"), "urgent_line", 12),
        (among(sore="yes"), "gp_appointment", 48),
        (among(tired="yes"), "none", 336),
        (among(sore="yes", tired="yes"), "gp_appointment", 48),
        (among(pregnant="yes"), "none", None),
        (among(), "none", None),
        (alone(), "none", None),
        (among(tired=NOT_KNOWN), "none", None),
        # A floor has no flag of its own.
        (among(breathless=NOT_KNOWN, sore="yes"), "urgent_line", 24),
        (among(swollen=NOT_KNOWN, sore=NOT_KNOWN), "gp_appointment", 336),
    ],
)
def test_the_route_and_the_time_are_those_of_the_level(found, route, hours):
    assert (found.route, found.act_within_hours) == (route, hours)


PRESUMED = (Reason("numb", "yes"), Reason("recent", None, presumed=True))


@pytest.mark.parametrize(
    ("found", "presumed", "because"),
    [
        (alone(numb="yes"), True, PRESUMED),
        (among(numb="yes", recent=NOT_KNOWN), True, PRESUMED),
        (
            among(numb="yes", recent="yes"),
            False,
            (Reason("numb", "yes"), Reason("recent", "yes")),
        ),
        (
            among(swollen="yes", sore="yes"),
            False,
            (Reason("swollen", "yes"), Reason("sore", "yes")),
        ),
        (among(), False, ()),
    ],
)
def test_a_flag_says_why_it_is_raised_and_whether_that_is_presumed(
    found, presumed, because
):
    assert (found.flags[0].presumed, found.flags[0].because) == (presumed, because)


def test_a_presumption_raises_the_level_like_any_other_flag():
    found = among(numb="yes", recent=NOT_KNOWN)
    assert (found.level, found.could_reach, found.settled) == (
        "same_day",
        "same_day",
        True,
    )


@pytest.mark.parametrize(
    ("answers", "warnings", "flags", "unresolved"),
    [
        ({"pregnant": "yes"}, (), ["note", "benign"], []),
        ({"pregnant": "yes", "age": 15}, ("only-a-warning",), ["note", "benign"], []),
        ({"limps": "yes", "age": 15}, (), ["child"], []),
        ({"limps": "yes", "age": 16}, ("children-limp",), ["benign"], ["skips"]),
        ({"tired": "yes", "rested": "yes"}, ("tired-and-rested",), [], ["rested"]),
        (
            {"limps": "yes", "tired": "yes", "rested": "yes"},
            ("children-limp", "tired-and-rested"),
            [],
            ["rested", "skips"],
        ),
        # Not known to be a contradiction.
        ({"limps": "yes", "age": NOT_KNOWN}, (), ["child"], ["age"]),
    ],
    ids=str,
)
def test_a_contradiction_warns_and_what_it_sets_replaces_the_answers(
    answers, warnings, flags, unresolved
):
    found = among(**{"limps": "no"} | answers)
    assert (found.warnings, raised(found)) == (warnings, flags)
    assert [question.question for question in found.unresolved] == unresolved


def test_a_contradiction_sets_only_what_was_answered():
    found = alone(limps="yes", age=16)
    assert (found.warnings, found.unresolved) == (("children-limp",), ())


@pytest.mark.parametrize(
    ("found", "suitable", "withheld", "tips"),
    [
        (among(), ["massage", "warmth", "rest"], {}, ["always", "kneading"]),
        (
            among(pregnant="yes"),
            ["massage", "warmth", "rest"],
            {},
            ["always", "kneading", "expecting"],
        ),
        (alone(), ["warmth", "rest"], {"massage": "swelling"}, ["always"]),
        (
            among(swollen="yes", sore="yes"),
            ["rest"],
            {"massage": "swelling", "warmth": "swelling"},
            ["always"],
        ),
        (
            among(stiff="yes", pregnant="yes"),
            [],
            dict.fromkeys(["massage", "warmth", "rest"], "tetanus"),
            [],
        ),
    ],
)
def test_help_is_offered_beside_the_flags_and_none_in_an_emergency(
    found, suitable, withheld, tips
):
    assert list(found.protocols.suitable) == suitable
    assert found.protocols.withheld == tuple(
        Withheld(id, (flag,)) for id, flag in withheld.items()
    )
    assert list(found.tips) == tips


def test_an_explanation_has_every_flag_with_a_condition_and_goes_by_the_same_answers():
    found = EVALUATOR.explain(HARMLESS | {"tired": "yes", "rested": "yes"})
    truths = {flag.id: finding.truth for flag, finding in found}
    assert list(truths) == [flag.id for flag in FLAGS if flag.when]
    assert truths.pop("tired") is UNKNOWN
    assert set(truths.values()) == {FALSE}
    (swelling,) = (finding for flag, finding in found if flag.id == "swelling")
    assert swelling.condition == FLAGS[2].when


@pytest.mark.parametrize("if_unknown", [True, False])
@pytest.mark.parametrize(
    "wrap",
    [
        lambda part: part,
        Not,
        lambda part: AllOf((part,)),
        lambda part: AnyOf((Not(part), yes("other"))),
    ],
    ids=["itself", "not", "all", "any-not"],
)
def test_presumed_is_said_however_deep_the_presumption(wrap, if_unknown):
    condition = wrap(yes("known", if_unknown=if_unknown))
    rules = rule_set(group(question("known"), question("other")))
    found = Evaluator(rules, [flag(when=condition)]).evaluate({"other": "no"})
    (finding,) = Evaluator(rules, [flag(when=condition)]).explain({"other": "no"})
    assert [raised.presumed for raised in found.flags] == (
        [True] if finding[1].truth is TRUE else []
    )


def test_a_presumption_within_a_fact_is_one():
    rules = rule_set(
        group(question("known")), facts=(fact("f", yes("known", if_unknown=True)),)
    )
    found = Evaluator(rules, [flag(when=FactReference("f"))]).evaluate({})
    assert found.flags[0].presumed


def test_without_rules_there_is_nothing_to_say():
    found = Evaluator(rule_set(), ()).evaluate({})
    assert (found.level, found.settled, found.flags) == ("self_care", True, ())
    assert (found.scores, found.tips, found.next_questions) == ((), (), ())


def test_an_evaluation_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        alone().level = "self_care"


CHILD_SIGNS = (
    "limp_or_wont_walk",
    "joint_swelling_or_redness",
    "always_same_leg",
    "present_in_morning_or_day",
    "off_sport",
)


@pytest.mark.parametrize(
    ("answers", "warnings", "flags"),
    [
        (
            {"swelling": "none", "calf_difference_cm": 3},
            ["swelling-vs-difference"],
            ["suspected-dvt"],
        ),
        ({"swelling": "none", "calf_difference_cm": 2.9}, [], ["benign-night-cramps"]),
        (
            {"swelling": "one_calf", "calf_difference_cm": 3},
            [],
            ["suspected-dvt"],
        ),
        ({"ecq_level": "yes"}, ["ecq-contradiction"], []),
        ({"ecq_uphill": "yes"}, ["ecq-contradiction"], []),
        ({"ecq_at_rest": "yes"}, [], ["benign-night-cramps"]),
        (
            {"ecq_pain_walking": "yes", "ecq_level": "yes"},
            [],
            ["possible-claudication"],
        ),
        *(
            (
                {"pregnancy_status": status, "age_years": age},
                ["pregnancy-vs-age"] if wrong else [],
                info + ["benign-night-cramps"],
            )
            for status, info in (
                ("pregnant", ["pregnancy-cramps-info"]),
                ("postpartum_6_weeks", []),
            )
            for age, wrong in ((9.9, True), (10, False), (55, False), (55.1, True))
        ),
        (
            {"pregnancy_status": "not_pregnant", "age_years": 9.9},
            [],
            ["benign-night-cramps"],
        ),
        *(
            (
                {"age_years": 16, sign: "yes"},
                ["child-signs-in-adult"],
                ["benign-night-cramps"],
            )
            for sign in CHILD_SIGNS
        ),
        ({"age_years": 15.9, "off_sport": "yes"}, [], ["child-review"]),
        (
            {"cramps_per_week": 0, "longest_cramp_minutes": 0.1},
            ["cramps-zero"],
            ["benign-night-cramps"],
        ),
        (
            {"cramps_per_week": 0.1, "longest_cramp_minutes": 1},
            [],
            ["benign-night-cramps"],
        ),
    ],
    ids=str,
)
def test_the_contradictions_that_the_content_knows(evaluator, answers, warnings, flags):
    found = evaluator.evaluate(evaluator.questionnaire.filled(answers))
    assert (list(found.warnings), raised(found)) == (warnings, flags)


@pytest.mark.parametrize("sign", CHILD_SIGNS)
def test_nobody_need_find_out_the_child_signs_of_an_adult(evaluator, sign):
    answers = dict.fromkeys(CHILD_SIGNS, "yes") | {"age_years": 16, sign: NOT_KNOWN}
    assert evaluator.evaluate(answers).unresolved == ()
