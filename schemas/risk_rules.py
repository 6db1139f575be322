"""The rule set beside questions and flags: levels, facts, scores, policies."""

from marshmallow import ValidationError, fields, validate, validates_schema

from api.domain.rules import (
    Accuracy,
    ChoiceList,
    ConsistencyCheck,
    Fact,
    KnownConflict,
    Label,
    NoFlagAlone,
    Passage,
    Readings,
    Score,
    ScoreBand,
    ScoreClass,
    ScoreItem,
    SourcedWithholding,
    UrgencyLevel,
)
from api.domain.vocabulary import Urgency
from schemas.base import (
    SNAKE_CASE,
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
from schemas.conditions import ConditionField
from schemas.items import AttributionResponse, TranslationResponse
from schemas.risk_flags import WithholdResponse
from schemas.risk_questions import QuestionGroupResponse

UNDETERMINED = "undetermined"


class LabelFile(FileSchema):
    builds = Label

    id = fields.String(required=True)
    label = Text(200)


class PassageFile(FileSchema):
    builds = Passage

    id = Slug()
    text = Text(1000)


class UrgencyLevelFile(FileSchema):
    builds = UrgencyLevel

    id = fields.String(required=True, validate=validate.OneOf([*Urgency, UNDETERMINED]))
    rank = whole_number(0, 3, required=False)
    title = Text(80)
    summary = Text(300)
    safety_net = Text(1000)
    floor_if_unknown = fields.String(validate=validate.OneOf([*Urgency]))

    @validates_schema(skip_on_field_errors=True)
    def is_ranked_unless_undetermined(self, data, **kwargs):
        ranked = "rank" in data and "floor_if_unknown" in data
        if ranked == (data["id"] == UNDETERMINED):
            raise ValidationError(
                "every level but undetermined has a rank and a floor_if_unknown"
            )


class UrgencyLevelsFile(FileSchema):
    id = Slug()
    levels = nested_list(UrgencyLevelFile)

    @validates_schema(skip_on_field_errors=True)
    def has_every_level_once(self, data, **kwargs):
        if sorted(level.id for level in data["levels"]) != sorted(
            [*Urgency, UNDETERMINED]
        ):
            raise ValidationError("must have every level once", "levels")


class RoutesFile(FileSchema):
    id = Slug()
    routes = nested_list(LabelFile)


class FactFile(FileSchema):
    builds = Fact

    id = Slug(SNAKE_CASE)
    text = Text(400)
    when = ConditionField()


class FactsFile(FileSchema):
    id = Slug()
    facts = nested_list(FactFile)


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


class ConsistencyCheckFile(FileSchema):
    builds = ConsistencyCheck

    id = Slug()
    when = ConditionField()
    message = Text(400)
    set = fields.Dict(keys=fields.String(), values=fields.Raw())


class ConsistencyChecksFile(FileSchema):
    id = Slug()
    checks = nested_list(ConsistencyCheckFile)


class SourcedWithholdingFile(FileSchema):
    builds = SourcedWithholding

    id = Slug()
    actions = references("self-care-actions", required=True)
    flags = references("risk-flags", required=True)
    why = Text(400)
    sources = references("sources", required=True)


class SelfCareActionsFile(FileSchema):
    id = Slug()
    rule = Text(800)
    actions = nested_list(LabelFile)
    sourced = nested_list(SourcedWithholdingFile)


class ChoiceListFile(FileSchema):
    builds = ChoiceList

    question = fields.String(required=True)
    values = fields.List(fields.String(), required=True)


class NoFlagAloneFile(FileSchema):
    builds = NoFlagAlone

    rule = Text(400)
    questions = references("risk-questions", required=True)
    choices = nested_list(ChoiceListFile)


class KnownConflictFile(FileSchema):
    builds = KnownConflict

    id = Slug()
    topic = Text(100)
    detail = Text(800)
    sources = references("sources", required=True)


class PoliciesFile(FileSchema):
    id = Slug()
    answers = nested_list(PassageFile)
    logic = Text(800)
    steps = nested_list(PassageFile)
    safety_net_must_say = texts(200)
    no_flag_alone = fields.Nested(NoFlagAloneFile, required=True)
    known_conflicts = nested_list(KnownConflictFile)
    sources = references("sources", required=True)


class UrgencyLevelResponse(ResponseSchema):
    id = fields.String(required=True)
    rank = fields.Integer(
        metadata={"description": "3 is the most urgent. Absent for `undetermined`."}
    )
    title = fields.String(required=True)
    summary = fields.String(required=True)
    safety_net = fields.String(
        required=True, metadata={"description": "Always shown with the level."}
    )
    floor_if_unknown = fields.String(
        metadata={
            "description": "The least level while a flag of this urgency stays open "
            "because of an answer given as unknown."
        }
    )


class LabelResponse(ResponseSchema):
    id = fields.String(required=True)
    label = fields.String(required=True)


class PassageResponse(ResponseSchema):
    id = fields.String(required=True)
    text = fields.String(required=True)


class FactResponse(ResponseSchema):
    id = fields.String(required=True)
    text = fields.String(required=True)
    when = ConditionField()


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


class ScoreClassResponse(ResponseSchema):
    id = fields.String(required=True)
    text = fields.String(required=True)
    when = ConditionField()


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
    classes = fields.List(fields.Nested(ScoreClassResponse), required=True)
    grades = fields.List(fields.Nested(ScoreClassResponse), required=True)
    for_clinicians = fields.String()
    cautions = fields.List(fields.String(), required=True)
    accuracy = fields.List(fields.Nested(AccuracyResponse), required=True)
    sources = fields.List(fields.String(), required=True)


class ConsistencyCheckResponse(ResponseSchema):
    """Answers that contradict each other: warn, and evaluate with `set` instead."""

    id = fields.String(required=True)
    when = ConditionField()
    message = fields.String(required=True)
    set = fields.Dict(
        keys=fields.String(), metadata={"description": "Answers to replace."}
    )


class SourcedWithholdingResponse(ResponseSchema):
    id = fields.String(required=True)
    actions = fields.List(fields.String(), required=True)
    flags = fields.List(fields.String(), required=True)
    why = fields.String(required=True)
    sources = fields.List(fields.String(), required=True)


class SelfCareResponse(ResponseSchema):
    rule = fields.String(required=True)
    actions = fields.List(fields.Nested(LabelResponse), required=True)
    sourced = fields.List(fields.Nested(SourcedWithholdingResponse), required=True)


class ChoiceListResponse(ResponseSchema):
    question = fields.String(required=True)
    values = fields.List(fields.String(), required=True)


class NoFlagAloneResponse(ResponseSchema):
    rule = fields.String(required=True)
    questions = fields.List(fields.String(), required=True)
    choices = fields.List(fields.Nested(ChoiceListResponse), required=True)


class KnownConflictResponse(ResponseSchema):
    id = fields.String(required=True)
    topic = fields.String(required=True)
    detail = fields.String(required=True)
    sources = fields.List(fields.String(), required=True)


class PoliciesResponse(ResponseSchema):
    answers = fields.List(fields.Nested(PassageResponse), required=True)
    logic = fields.String(required=True)
    steps = fields.List(fields.Nested(PassageResponse), required=True)
    safety_net_must_say = fields.List(fields.String(), required=True)
    no_flag_alone = fields.Nested(NoFlagAloneResponse, required=True)
    known_conflicts = fields.List(fields.Nested(KnownConflictResponse), required=True)
    sources = fields.List(fields.String(), required=True)


class RuleResponse(ResponseSchema):
    """A risk flag as the evaluation needs it; the whole flag is at its own address."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    urgency = fields.String(required=True)
    route = fields.String(required=True)
    act_within_hours = fields.Integer()
    action = fields.String(required=True)
    when = ConditionField(required=False)
    computed = fields.Boolean(required=True)
    basis = fields.String(required=True)
    sources = fields.List(fields.String(), required=True)
    withhold = fields.Nested(WithholdResponse, required=True)


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


class RuleSetLinksResponse(ResponseSchema):
    self = fields.Url(required=True)
    vectors = fields.Url(required=True)
    questions = fields.Url(required=True)
    flags = fields.Url(required=True)


class RuleSetResponse(ResponseSchema):
    """The rule set as data, enough to evaluate answers on the device."""

    ruleset_version = fields.String(required=True)
    language = fields.String(required=True)
    translation = fields.Nested(
        TranslationResponse, required=True, attribute="publication.translation"
    )
    clinical_review = fields.String(required=True)
    disclaimer = fields.String(required=True)
    levels = fields.List(fields.Nested(UrgencyLevelResponse), required=True)
    routes = fields.List(fields.Nested(LabelResponse), required=True)
    groups = fields.List(fields.Nested(QuestionGroupResponse), required=True)
    facts = fields.List(fields.Nested(FactResponse), required=True)
    scores = fields.List(fields.Nested(ScoreResponse), required=True)
    flags = fields.List(fields.Nested(RuleResponse), required=True)
    consistency_checks = fields.List(
        fields.Nested(ConsistencyCheckResponse), required=True, attribute="checks"
    )
    self_care = fields.Nested(SelfCareResponse, required=True)
    policies = fields.Nested(PoliciesResponse, required=True)
    attribution = fields.Nested(
        AttributionResponse, required=True, attribute="publication.attribution"
    )
    links = fields.Nested(RuleSetLinksResponse, required=True)
