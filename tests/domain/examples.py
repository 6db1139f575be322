"""Small valid items; every keyword replaces a default."""

from datetime import date

from api.domain.conditions import Comparison, Condition
from api.domain.evidence import Certainty, Evidence, Verdict
from api.domain.items import (
    Cause,
    PreventionTip,
    Recommendation,
    Related,
    ReliefProtocol,
    Review,
    RiskFlag,
    Source,
    Step,
    Withhold,
)
from api.domain.rules import (
    Choice,
    Fact,
    Label,
    NoFlagAlone,
    Policies,
    Question,
    QuestionGroup,
    RuleSet,
    SelfCareActions,
    UrgencyLevel,
)

ITEM = {
    "id": "an-item",
    "title": "A title",
    "summary": "A summary.",
    "populations": ("adults", "pregnancy"),
    "related": Related(),
    "review": Review(reviewed_on=date(2026, 1, 2), review_due=date(2027, 1, 2)),
}
EVIDENCED = ITEM | {
    "explanation": ("Because.",),
    "evidence": Evidence(
        verdict=Verdict.MIXED,
        certainty=Certainty.LOW,
        why="Trials disagree.",
        claims=("first-claim", "second-claim"),
        sources=("a-source",),
    ),
}
STEP = {
    "id": "a-step",
    "seconds": 10,
    "repeat": 1,
    "rest_seconds": 0,
    "side": "cramping-leg",
    "actions": (),
    "illustration_id": "an-illustration",
    "glance": "Glance",
    "text": "Text.",
    "speech": "Speech.",
}
PROTOCOL = EVIDENCED | {
    "when": "during",
    "sites": ("calf", "foot"),
    "positions": ("in-bed",),
    "stop_if": (),
    "stop_when": (),
    "do_not_if": (),
    "what_to_expect": "Relief.",
}
FLAG = ITEM | {
    "urgency": "same_day",
    "route": "doctor",
    "action": "Call.",
    "rationale": "A reason.",
    "basis": "guidance",
    "claims": ("first-claim",),
    "sources": (),
    "withhold": Withhold(raised=(), raised_or_undetermined=()),
}
SOURCE = {
    "id": "a-source",
    "title": "A trial",
    "publication_name": "A journal",
    "kind": "rct",
    "url": "https://example.org/",
    "finding": "It helped.",
    "checked": "original",
}
QUESTION = {"id": "a_question", "type": "yes_no", "text": "Is it?", "why": "Why."}
FLOORS = {
    "emergency": "same_day",
    "same_day": "see_doctor_soon",
    "see_doctor_soon": "self_care",
    "self_care": "self_care",
    "undetermined": None,
}
ROUTES = ("ambulance", "ed_now", "urgent_line", "gp_appointment", "none")
NO_POLICIES = Policies(
    answers=(),
    logic="",
    steps=(),
    safety_net_must_say=(),
    no_flag_alone=NoFlagAlone(rule="", questions=(), choices=()),
    known_conflicts=(),
    sources=(),
)


def cause(**changes) -> Cause:
    return Cause(**EVIDENCED | {"what_to_do": "Nothing."} | changes)


def tip(**changes) -> PreventionTip:
    own = {"recommendation": Recommendation.MAY_HELP, "actions": ("stretching",)}
    return PreventionTip(**EVIDENCED | own | changes)


def step(**changes) -> Step:
    return Step(**STEP | changes)


def protocol(*steps: Step, **changes) -> ReliefProtocol:
    return ReliefProtocol(**PROTOCOL | {"steps": steps} | changes)


def flag(**changes) -> RiskFlag:
    return RiskFlag(**FLAG | changes)


def source(**changes) -> Source:
    return Source(**SOURCE | changes)


def yes(question: str, if_unknown: bool | None = None) -> Comparison:
    return Comparison(question, "is", "yes", if_unknown)


def fact(id: str, when: Condition) -> Fact:
    return Fact(id=id, text=id, when=when)


def question(id: str, **changes) -> Question:
    return Question(**QUESTION | {"id": id} | changes)


def number(id: str, **changes) -> Question:
    bounds = {"type": "number", "minimum": 0, "maximum": 100, "negative": 0}
    return question(id, **bounds | changes)


def choice(id: str, *values: str, **changes) -> Question:
    """One of `values`, of which the first is harmless."""
    choices = tuple(Choice(value=value, label=value.title()) for value in values)
    return question(
        id, type="choice", choices=choices, **{"negative": values[0]} | changes
    )


def group(*questions: Question, stage: int = 3) -> QuestionGroup:
    return QuestionGroup(
        id="a-group",
        stage=stage,
        order=1,
        stem="Do you",
        who_knows="You.",
        questions=questions,
    )


def rule_set(*groups: QuestionGroup, facts=(), checks=(), scores=()) -> RuleSet:
    """Rules with every level and a few routes."""
    return RuleSet(
        levels=tuple(
            UrgencyLevel(
                id=id, title=id, summary="", safety_net="", floor_if_unknown=floor
            )
            for id, floor in FLOORS.items()
        ),
        routes=tuple(Label(id=id, label=id) for id in ROUTES),
        groups=groups,
        facts=tuple(facts),
        scores=tuple(scores),
        checks=tuple(checks),
        self_care=SelfCareActions(rule="", actions=(), sourced=()),
        policies=NO_POLICIES,
    )
