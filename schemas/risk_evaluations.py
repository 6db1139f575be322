"""Risk evaluations: the answers that come in, and what they amount to."""

from marshmallow import ValidationError, fields

from api.domain.texts import Message
from schemas.base import ResponseSchema
from schemas.listing import Query
from schemas.risk_questions import QuestionResponse

SHAPE = '{"answers": {…}}'


class AnswersField(fields.Field):
    """Answers by question id; the contract lists the questions with their types."""

    default_error_messages = {
        "required": Message("missing-key"),
        "null": Message("not-an-object", shape=SHAPE),
    }

    def _deserialize(self, value, attr, data, **kwargs) -> dict:
        if not isinstance(value, dict):
            raise ValidationError(Message("not-an-object", shape=SHAPE))
        return value


class RiskEvaluationRequest(Query):
    """What is known so far; an absent question was not asked, `unknown` was."""

    shape = SHAPE
    error_messages = {
        "unknown": Message("unknown-key", shape=SHAPE),
        "type": Message("not-an-object", shape=SHAPE),
    }

    answers = AnswersField(required=True)


class UrgencyResponse(ResponseSchema):
    level = fields.String(
        required=True,
        metadata={
            "description": "emergency, same_day, see_doctor_soon, self_care, or "
            "undetermined, which is never reassurance. New values may be added."
        },
    )
    title = fields.String(required=True)
    summary = fields.String(required=True)
    act_within = fields.String(
        metadata={
            "description": "ISO 8601 duration; PT0S is now. Absent: no contact needed.",
            "example": "P1D",
        }
    )
    route = fields.String(
        required=True, metadata={"description": "Whom to turn to: the code of a route."}
    )
    route_label = fields.String(required=True)
    could_reach = fields.String(
        required=True,
        metadata={
            "description": "The highest level that an open flag could still bring "
            "about; never below `level`."
        },
    )
    settled = fields.Boolean(
        required=True,
        metadata={"description": "True when nothing open outranks the level."},
    )


class ReasonResponse(ResponseSchema):
    question = fields.String(required=True)
    answer = fields.Raw(
        metadata={
            "description": "The answer it rests on. Absent: not asked, and presumed.",
            "type": ["string", "number"],
        }
    )
    presumed = fields.Boolean(
        required=True,
        metadata={"description": "The rule went ahead without a known answer."},
    )


class RaisedFlagLinksResponse(ResponseSchema):
    self = fields.Url(required=True)


class RaisedFlagResponse(ResponseSchema):
    id = fields.String(required=True)
    title = fields.String(required=True)
    urgency = fields.String(required=True)
    presumed = fields.Boolean(
        required=True,
        metadata={"description": "Raised only because a missing answer is dangerous."},
    )
    action = fields.String(required=True)
    because = fields.List(fields.Nested(ReasonResponse), required=True)
    links = fields.Nested(RaisedFlagLinksResponse, required=True)


class OpenFlagResponse(ResponseSchema):
    id = fields.String(required=True)
    urgency = fields.String(required=True)
    needs = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Questions whose answers would settle it."},
    )


class NextQuestionResponse(QuestionResponse):
    group = fields.String(required=True)
    stem = fields.String(required=True)
    could_reach = fields.String(
        required=True,
        metadata={"description": "The highest level its answer could bring about."},
    )


class UnresolvedResponse(ResponseSchema):
    id = fields.String(required=True)
    text = fields.String(required=True)
    who_knows = fields.String(
        required=True, metadata={"description": "Who could find out."}
    )
    could_reach = fields.String(required=True)


class ScoreReadingResponse(ResponseSchema):
    """A score over the answers. A low or negative one never reassures."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    applies = fields.String(
        required=True,
        metadata={
            "description": "`true`, `false`, or `unknown`: made for this person."
        },
    )
    min = fields.Integer(metadata={"description": "Points, unknown items counted 0."})
    max = fields.Integer(metadata={"description": "Points, unknown items counted."})
    result = fields.String(
        metadata={"description": "Of a pattern: positive, negative or open."}
    )
    classes = fields.List(fields.String(), required=True)
    reading = fields.String(required=True)
    cautions = fields.List(fields.String(), required=True)
    note = fields.String(required=True)


class WarningResponse(ResponseSchema):
    id = fields.String(required=True)
    message = fields.String(required=True)


class WithheldResponse(ResponseSchema):
    id = fields.String(required=True)
    because = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "The risk flags that withhold it."},
    )


class OfferedProtocolsResponse(ResponseSchema):
    suitable = fields.List(fields.String(), required=True)
    withheld = fields.List(fields.Nested(WithheldResponse), required=True)


class RiskEvaluationResponse(ResponseSchema):
    """What the answers amount to, what is still open, and what to ask next."""

    urgency = fields.Nested(UrgencyResponse, required=True)
    flags = fields.List(
        fields.Nested(RaisedFlagResponse),
        required=True,
        metadata={"description": "Raised flags, most urgent first."},
    )
    open_flags = fields.List(fields.Nested(OpenFlagResponse), required=True)
    next_questions = fields.List(fields.Nested(NextQuestionResponse), required=True)
    unresolved = fields.List(fields.Nested(UnresolvedResponse), required=True)
    scores = fields.List(fields.Nested(ScoreReadingResponse), required=True)
    warnings = fields.List(fields.Nested(WarningResponse), required=True)
    relief_protocols = fields.Nested(OfferedProtocolsResponse, required=True)
    prevention_tips = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Tips that may be offered beside these flags."},
    )
    safety_net = fields.String(
        required=True, metadata={"description": "Always shown with the level."}
    )
    disclaimer = fields.String(required=True)
    ruleset_version = fields.String(required=True)
    language = fields.String(required=True)
