"""/v1/risk-evaluations: answers in, urgency and flags out; nothing is kept."""

from flask import g, jsonify

from api.domain.answers import check_answers
from api.web.current import evaluator, risk_reports
from api.web.operations import Resource, writes
from schemas.risk_evaluations import RiskEvaluationRequest, RiskEvaluationResponse

blueprint = Resource(
    "Risk evaluations",
    __name__,
    url_prefix="/v1/risk-evaluations",
    description="What answers to the questionnaire amount to. Stateless: nothing is "
    "stored, logged or counted but the request itself.",
)

EXAMPLE = {
    "answers": {
        "swelling": "one_calf",
        "constant_one_leg_pain": "yes",
        "breathless_sudden": "no",
        "age_years": 61,
        "warm": "unknown",
    }
}


@writes(
    blueprint,
    "",
    RiskEvaluationRequest,
    RiskEvaluationResponse,
    operation_id="evaluateRisk",
    example=EXAMPLE,
    links={
        "getPreventionTip": {"id": "/prevention_tips/0"},
        "getReliefProtocol": {"id": "/relief_protocols/suitable/0"},
        "getRiskFlag": {"id": "/flags/0/id"},
        "getRiskQuestions": {},
    },
    limited="evaluations",
)
def evaluate_risk(body):
    """Evaluate answers

    Send what is known: a missing answer is never an error, and `unknown` never counts
    as no. The answer says how urgent it is, why, what is still open, what to ask next.
    """
    answers = body["answers"]
    check_answers(answers, evaluator().questionnaire.questions)
    report = risk_reports().report(evaluator().evaluate(answers), answers)
    g.localised = True
    return jsonify(report)
