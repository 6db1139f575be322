"""Risk questions: the questionnaire, in groups and in asking order."""

from marshmallow import ValidationError, fields, validate, validates_schema

from api.domain.rules import Choice, Question, QuestionGroup
from schemas.base import (
    SNAKE_CASE,
    FileSchema,
    ResponseSchema,
    Slug,
    Text,
    nested_list,
    whole_number,
)
from schemas.conditions import ConditionField
from schemas.items import TranslationResponse

KEYS_BY_TYPE = {
    "yes_no": set(),
    "choice": {"choices", "negative"},
    "number": {"unit", "unit_label", "minimum", "maximum", "negative"},
}
"""The keys that a question of each type has beside the common ones: all or none."""


class ChoiceFile(FileSchema):
    builds = Choice

    value = Slug(SNAKE_CASE)
    label = Text(200)


class QuestionFile(FileSchema):
    builds = Question

    id = Slug(SNAKE_CASE)
    type = fields.String(required=True, validate=validate.OneOf(list(KEYS_BY_TYPE)))
    text = Text(240)
    why = Text(300)
    unit = fields.String(
        validate=validate.OneOf(["years", "minutes", "per-week", "cm"])
    )
    unit_label = Text(40, required=False)
    minimum = whole_number(-1000, 100_000, required=False)
    maximum = whole_number(-1000, 100_000, required=False)
    choices = nested_list(ChoiceFile, required=False)
    negative = fields.Raw()
    ask_if = ConditionField(required=False)
    optional = fields.Boolean(truthy={True}, falsy={False})

    @validates_schema(skip_on_field_errors=True)
    def fits_its_type(self, data, **kwargs):
        special = set().union(*KEYS_BY_TYPE.values())
        wanted, found = KEYS_BY_TYPE[data["type"]], special & set(data)
        if found != wanted:
            raise ValidationError(
                f"a {data['type']} question has {_listed(wanted)}, not {_listed(found)}"
            )
        question = self.builds(**data)
        if not question.accepts(question.negative):
            raise ValidationError(
                f"{question.negative!r} is not an answer it takes", "negative"
            )


def _listed(keys: set[str]) -> str:
    return ", ".join(sorted(keys)) or "no more keys"


class QuestionGroupFile(FileSchema):
    builds = QuestionGroup

    id = Slug()
    stage = whole_number(1, 4)
    order = whole_number(1, 999)
    stem = Text(200)
    who_knows = Text(200)
    questions = nested_list(QuestionFile)


class ChoiceResponse(ResponseSchema):
    value = fields.String(required=True)
    label = fields.String(required=True)


class QuestionResponse(ResponseSchema):
    id = fields.String(
        required=True, metadata={"description": "Stable key of the answer, snake_case."}
    )
    type = fields.String(
        required=True,
        metadata={
            "description": "yes_no, choice or number; every question also takes "
            "`unknown`. New values may be added."
        },
    )
    text = fields.String(required=True)
    why = fields.String(required=True, metadata={"description": "Why it is asked."})
    unit = fields.String(
        metadata={"description": "Unit of a number: years, minutes, per-week, cm."}
    )
    unit_label = fields.String()
    minimum = fields.Integer()
    maximum = fields.Integer()
    choices = fields.List(fields.Nested(ChoiceResponse), required=True)
    negative = fields.Raw(
        required=True,
        metadata={
            "description": "The harmless answer, for when the question does not apply",
            "type": ["string", "number"],
        },
    )
    ask_if = ConditionField(
        required=False,
        metadata={
            "description": "Ask only when this holds. Absent: always. When it does not "
            "hold, the question counts as answered with `negative`."
        },
    )
    optional = fields.Boolean(
        required=True,
        metadata={"description": "Never counted as missing when not answered."},
    )


class QuestionGroupResponse(ResponseSchema):
    id = fields.String(required=True)
    stage = fields.Integer(
        required=True,
        metadata={
            "description": "1 danger gates; 2 clot, infection, injury; 3 cause and "
            "impact; 4 conditional."
        },
    )
    order = fields.Integer(required=True)
    stem = fields.String(
        required=True, metadata={"description": "What stands above its questions."}
    )
    who_knows = fields.String(
        required=True,
        metadata={"description": "Who could find out what was answered as unknown."},
    )
    questions = fields.List(fields.Nested(QuestionResponse), required=True)


class QuestionnaireLinksResponse(ResponseSchema):
    self = fields.Url(required=True)
    rules = fields.Url(required=True)


class QuestionnaireResponse(ResponseSchema):
    """The whole questionnaire in asking order."""

    ruleset_version = fields.String(required=True)
    language = fields.String(required=True)
    translation = fields.Nested(
        TranslationResponse, required=True, attribute="publication.translation"
    )
    groups = fields.List(fields.Nested(QuestionGroupResponse), required=True)
    links = fields.Nested(QuestionnaireLinksResponse, required=True)
