"""/v1/risk-questions and /v1/risk-rules: what to ask, and what follows from it."""

from api.web.current import catalogue, conformance_vectors, library
from api.web.encoding import once
from api.web.operations import Resource, reads
from schemas.risk_questions import QuestionnaireResponse
from schemas.risk_rules import RuleSetResponse, rule_set_record
from schemas.vectors import VectorsResponse, vector_record

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
    found = conformance_vectors()
    return {
        "ruleset_version": library().release.ruleset_version,
        "total": len(found),
        "vectors": [vector_record(vector) for vector in found],
        "links": _links("risk-rules/vectors", rules="risk-rules"),
    }


def _links(self: str, **others: str) -> dict[str, str]:
    base = f"{library().public_url}/v1"
    return {name: f"{base}/{path}" for name, path in {"self": self, **others}.items()}
