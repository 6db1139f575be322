"""The rule set beside questions and flags: levels, facts, scores, policies."""

from marshmallow import ValidationError, fields, validate, validates_schema

from api.domain.library import Catalogue
from api.domain.releases import Release
from api.domain.rules import (
    ChoiceList,
    ConsistencyCheck,
    Fact,
    KnownConflict,
    Label,
    NoFlagAlone,
    Passage,
    SourcedWithholding,
    UrgencyLevel,
)
from api.domain.vocabulary import Urgency
from schemas.base import (
    SNAKE_CASE,
    FileSchema,
    ResponseSchema,
    Slug,
    Text,
    nested_list,
    references,
    texts,
    whole_number,
)
from schemas.conditions import ConditionField, StatementResponse
from schemas.items import AttributionResponse, TranslationResponse
from schemas.risk_flags import WithholdResponse
from schemas.risk_questions import QuestionGroupResponse
from schemas.scores import ScoreResponse

UNDETERMINED = "undetermined"

RULE_SET = "rule-set"
"""The type of the rule set where it stands among items."""


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


class ConsistencyCheckResponse(ResponseSchema):
    """Answers that contradict each other: warn, and evaluate with `set` instead."""

    id = fields.String(required=True)
    when = ConditionField()
    message = fields.String(required=True)
    set = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(metadata={"type": ["string", "number"]}),
        metadata={"description": "Answers to replace."},
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


class RuleSetLinksResponse(ResponseSchema):
    self = fields.Url(required=True)
    vectors = fields.Url(required=True)
    questions = fields.Url(required=True)
    flags = fields.Url(required=True)


def rule_set_record(content: Catalogue, release: Release, public_url: str) -> dict:
    """The rule set in the language of `content`, as RuleSetResponse writes it."""
    rules, base = content.rules, f"{public_url}/v1"
    return {
        "id": "risk-rules",
        "type": RULE_SET,
        "ruleset_version": release.ruleset_version,
        "language": content.language,
        "publication": content.publication,
        "disclaimer": content.service.disclaimer,
        "clinical_review": content.service.clinical_review,
        "levels": rules.levels,
        "routes": rules.routes,
        "groups": rules.groups,
        "facts": rules.facts,
        "scores": rules.scores,
        "flags": tuple(content.risk_flags.values()),
        "checks": rules.checks,
        "self_care": rules.self_care,
        "policies": rules.policies,
        "links": {
            "self": f"{base}/risk-rules",
            "vectors": f"{base}/risk-rules/vectors",
            "questions": f"{base}/risk-questions",
            "flags": f"{base}/risk-flags",
        },
    }


class RuleSetResponse(ResponseSchema):
    """The rule set as data, enough to evaluate answers on the device."""

    id = fields.String(required=True)
    type = fields.String(required=True)
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
    facts = fields.List(fields.Nested(StatementResponse), required=True)
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
