"""Small valid items; every keyword replaces a default."""

from datetime import date

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
