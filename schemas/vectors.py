"""Conformance vectors: answers, and exactly what an evaluator must find."""

from marshmallow import fields

from api.domain.outcome import Evaluation, OpenQuestion
from api.domain.vectors import Vector
from schemas.base import ResponseSchema


class VectorUrgencyResponse(ResponseSchema):
    level = fields.String(required=True)
    could_reach = fields.String(required=True)
    settled = fields.Boolean(required=True)


class VectorFlagResponse(ResponseSchema):
    id = fields.String(required=True)
    urgency = fields.String(required=True)
    presumed = fields.Boolean(required=True)


class VectorOpenFlagResponse(ResponseSchema):
    id = fields.String(required=True)
    urgency = fields.String(required=True)
    needs = fields.List(fields.String(), required=True)


class VectorQuestionResponse(ResponseSchema):
    id = fields.String(required=True)
    could_reach = fields.String(required=True)


class VectorResultResponse(ResponseSchema):
    """Exactly what an evaluator must find, in this order."""

    urgency = fields.Nested(VectorUrgencyResponse, required=True)
    flags = fields.List(fields.Nested(VectorFlagResponse), required=True)
    open_flags = fields.List(fields.Nested(VectorOpenFlagResponse), required=True)
    next_questions = fields.List(fields.Nested(VectorQuestionResponse), required=True)
    unresolved = fields.List(fields.Nested(VectorQuestionResponse), required=True)
    warnings = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Ids of the consistency checks that failed."},
    )


class VectorResponse(ResponseSchema):
    id = fields.String(
        required=True,
        metadata={"description": "Where it comes from; stable while the rules are."},
    )
    answers = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(metadata={"type": ["string", "number"]}),
        required=True,
        metadata={"description": "As they would be sent to /v1/risk-evaluations."},
    )
    result = fields.Nested(VectorResultResponse, required=True)


class VectorLinksResponse(ResponseSchema):
    self = fields.Url(required=True)
    rules = fields.Url(required=True)


class VectorsResponse(ResponseSchema):
    """Conformance vectors of this rule set; the same in every language."""

    ruleset_version = fields.String(required=True)
    total = fields.Integer(required=True)
    vectors = fields.List(fields.Nested(VectorResponse), required=True)
    links = fields.Nested(VectorLinksResponse, required=True)


def vector_record(vector: Vector) -> dict:
    """`vector` as VectorResponse describes it."""
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
