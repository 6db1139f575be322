"""Published clinical scores: a sum of items, or a pattern with classes."""

from marshmallow import ValidationError, fields, validate, validates_schema

from api.domain.rules import (
    Accuracy,
    Readings,
    Score,
    ScoreBand,
    ScoreClass,
    ScoreItem,
)
from schemas.base import (
    FileSchema,
    Reference,
    ResponseSchema,
    Slug,
    Text,
    nested_list,
    references,
    texts,
    whole_number,
)
from schemas.conditions import ConditionField, StatementResponse


class ScoreItemFile(FileSchema):
    builds = ScoreItem

    id = Slug()
    points = whole_number(-10, 10)
    text = Text(300)
    when = ConditionField()


class ScoreBandFile(FileSchema):
    builds = ScoreBand

    id = Slug()
    text = Text(300)
    minimum = whole_number(-100, 100)
    maximum = whole_number(-100, 100)


class ScoreClassFile(FileSchema):
    builds = ScoreClass

    id = Slug()
    text = Text(300)
    when = ConditionField()


class AccuracyFile(FileSchema):
    builds = Accuracy

    id = Slug()
    setting = Text(200)
    sensitivity_percent = fields.Float(required=True, validate=validate.Range(0, 100))
    specificity_percent = fields.Float(required=True, validate=validate.Range(0, 100))
    source = Reference("sources")


class ReadingsFile(FileSchema):
    builds = Readings

    positive = Text(300)
    negative = Text(300)
    open = Text(300)


class ScoreFile(FileSchema):
    builds = Score

    id = Slug()
    title = Text(120)
    note = Text(600)
    items = nested_list(ScoreItemFile, load_default=list)
    bands = nested_list(ScoreBandFile, load_default=list)
    not_for = ConditionField(required=False)
    unsuited = Text(300, required=False)
    positive = ConditionField(required=False)
    readings = fields.Nested(ReadingsFile)
    classes = nested_list(ScoreClassFile, load_default=list)
    grades = nested_list(ScoreClassFile, load_default=list)
    for_clinicians = Text(400, required=False)
    cautions = texts(400)
    accuracy = nested_list(AccuracyFile, load_default=list)
    sources = references("sources", required=True)

    @validates_schema(skip_on_field_errors=True)
    def is_a_sum_or_a_pattern(self, data, **kwargs):
        if bool(data["items"]) == ("positive" in data):
            raise ValidationError("needs `items`, or `positive`, and not both")
        for one, other in (("positive", "readings"), ("not_for", "unsuited")):
            if (one in data) != (other in data):
                raise ValidationError(f"`{one}` and `{other}` go together")


class ScoresFile(FileSchema):
    id = Slug()
    scores = nested_list(ScoreFile)


class ScoreItemResponse(ResponseSchema):
    id = fields.String(required=True)
    points = fields.Integer(required=True)
    text = fields.String(required=True)
    when = ConditionField()


class ScoreBandResponse(ResponseSchema):
    id = fields.String(required=True)
    text = fields.String(required=True)
    minimum = fields.Integer(required=True)
    maximum = fields.Integer(required=True)


class AccuracyResponse(ResponseSchema):
    id = fields.String(required=True)
    setting = fields.String(required=True)
    sensitivity_percent = fields.Float(required=True)
    specificity_percent = fields.Float(required=True)
    source = fields.String(required=True)


class ReadingsResponse(ResponseSchema):
    positive = fields.String(required=True)
    negative = fields.String(required=True)
    open = fields.String(required=True)


class ScoreResponse(ResponseSchema):
    """A published clinical score: a sum of items, or a pattern with classes."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    note = fields.String(required=True)
    items = fields.List(fields.Nested(ScoreItemResponse), required=True)
    bands = fields.List(fields.Nested(ScoreBandResponse), required=True)
    not_for = ConditionField(
        required=False,
        metadata={"description": "People the score was not made for."},
    )
    unsuited = fields.String(metadata={"description": "`not_for` in words."})
    positive = ConditionField(required=False)
    readings = fields.Nested(ReadingsResponse)
    classes = fields.List(fields.Nested(StatementResponse), required=True)
    grades = fields.List(fields.Nested(StatementResponse), required=True)
    for_clinicians = fields.String()
    cautions = fields.List(fields.String(), required=True)
    accuracy = fields.List(fields.Nested(AccuracyResponse), required=True)
    sources = fields.List(fields.String(), required=True)
