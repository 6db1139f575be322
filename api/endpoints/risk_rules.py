"""/v1/risk-questions and /v1/risk-rules: what to ask, and what follows from it."""

from api.domain.outcome import Evaluation, OpenQuestion
from api.domain.vectors import Vector, vectors
from api.web.current import catalogue, evaluator, library
from api.web.encoding import once
from api.web.operations import Resource, reads
from schemas.risk_questions import QuestionnaireResponse
from schemas.risk_rules import RuleSetResponse, rule_set_record
from schemas.vectors import VectorsResponse

blueprint = Resource(
    "Risk rules",
    __name__,
    url_prefix="/v1",
    description="The questionnaire and the rule set, enough to evaluate on the device.",
)


@reads(
    blueprint,
    "/risk-questions",
    QuestionnaireResponse,
    operation_id="getRiskQuestions",
    example="/v1/risk-questions",
)
def get_risk_questions():
    """Read the questionnaire

    Ask group by group, in this order; a question with `ask_if` only when that holds.
    """
    content = catalogue()
    return {
        "ruleset_version": library().release.ruleset_version,
        "language": content.language,
        "publication": content.publication,
        "groups": content.rules.groups,
        "links": _links("risk-questions", rules="risk-rules"),
    }


@reads(
    blueprint,
    "/risk-rules",
    RuleSetResponse,
    operation_id="getRiskRules",
    example="/v1/risk-rules",
)
def get_risk_rules():
    """Read the rule set

    Levels, questions, facts, scores, flags and policies as data: no health answer has
    to leave the device.
    """
    return rule_set_record(catalogue(), library().release, library().public_url)


@reads(
    blueprint,
    "/risk-rules/vectors",
    VectorsResponse,
    operation_id="getRiskRuleVectors",
    speaks=False,
)
def get_risk_rule_vectors():
    """Read the conformance vectors

    Answers, and exactly what an evaluator must make of them: hold your own evaluator,
    or a new version of ours, against all of them.
    """
    return once("vectors", _vectors)


def _vectors() -> dict:
    content = library().catalogue(library().original)
    found = vectors(
        evaluator(),
        content.rules,
        content.risk_flags.values(),
        content.vignettes.values(),
    )
    return {
        "ruleset_version": library().release.ruleset_version,
        "total": len(found),
        "vectors": [_vector(vector) for vector in found],
        "links": _links("risk-rules/vectors", rules="risk-rules"),
    }


def _vector(vector: Vector) -> dict:
    result = brief(vector.evaluation)
    return {"id": vector.id, "answers": vector.answers, "result": result}


def brief(found: Evaluation) -> dict:
    """An evaluation without words and without what is offered beside it."""
    return {
        "urgency": {
            "level": found.level,
            "could_reach": found.could_reach,
            "settled": found.settled,
        },
        "flags": [
            {"id": f.flag.id, "urgency": f.flag.urgency, "presumed": f.presumed}
            for f in found.flags
        ],
        "open_flags": [
            {"id": f.flag.id, "urgency": f.flag.urgency, "needs": f.needs}
            for f in found.open_flags
        ],
        "next_questions": _questions(found.next_questions),
        "unresolved": _questions(found.unresolved),
        "warnings": found.warnings,
    }


def _questions(found: tuple[OpenQuestion, ...]) -> list[dict]:
    return [{"id": q.question, "could_reach": q.could_reach} for q in found]


def _links(self: str, **others: str) -> dict[str, str]:
    base = f"{library().public_url}/v1"
    return {name: f"{base}/{path}" for name, path in {"self": self, **others}.items()}
