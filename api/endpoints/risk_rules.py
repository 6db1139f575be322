"""/v1/risk-questions and /v1/risk-rules: what to ask, and what follows from it."""

from api.domain.library import Catalogue
from api.web.current import catalogue, library
from api.web.operations import Resource, reads
from schemas.risk_questions import QuestionnaireResponse
from schemas.risk_rules import RuleSetResponse

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
    return {
        **_common(catalogue()),
        "groups": catalogue().rules.groups,
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
    rules, service = catalogue().rules, catalogue().service
    return {
        **_common(catalogue()),
        "disclaimer": service.disclaimer,
        "clinical_review": service.clinical_review,
        "levels": rules.levels,
        "routes": rules.routes,
        "groups": rules.groups,
        "facts": rules.facts,
        "scores": rules.scores,
        "flags": tuple(catalogue().risk_flags.values()),
        "checks": rules.checks,
        "self_care": rules.self_care,
        "policies": rules.policies,
        "links": _links("risk-rules", questions="risk-questions", flags="risk-flags"),
    }


def _common(content: Catalogue) -> dict:
    return {
        "ruleset_version": library().release.ruleset_version,
        "language": content.language,
        "publication": content.publication,
    }


def _links(self: str, **others: str) -> dict[str, str]:
    base = f"{library().public_url}/v1"
    return {name: f"{base}/{path}" for name, path in {"self": self, **others}.items()}
