"""Risk flags: the warning signs, their urgency, and what to do."""

from marshmallow import ValidationError, fields, validates_schema

from api.domain.items import RiskFlag, Withhold
from api.domain.vocabulary import Basis, Urgency
from schemas.base import (
    FileSchema,
    Reference,
    ResponseSchema,
    Text,
    one_of,
    references,
    whole_number,
)
from schemas.conditions import ConditionField
from schemas.items import ItemFile, ItemResponse
from schemas.listing import ItemQuery, PageResponse, choice


class WithholdFile(FileSchema):
    builds = Withhold

    raised = references("self-care-actions", required=True)
    raised_or_undetermined = references("self-care-actions", required=True)


class RiskFlagFile(ItemFile):
    builds = RiskFlag

    urgency = one_of(Urgency)
    route = Reference("routes")
    act_within_hours = whole_number(0, 24 * 365, load_default=None)
    when = ConditionField(required=False)
    computed = fields.Boolean(truthy={True}, falsy={False})
    action = Text(600)
    rationale = Text(800)
    basis = one_of(Basis)
    needs_sign_off = Text(800, required=False)
    note = Text(400, required=False)
    claims = references("claims", required=True)
    sources = references("sources", required=True)
    withhold = fields.Nested(WithholdFile, required=True)

    @validates_schema(skip_on_field_errors=True)
    def is_raised_somehow(self, data, **kwargs):
        if ("when" in data) == data.get("computed", False):
            raise ValidationError("needs `when`, or `computed: true`, and not both")


class WithholdResponse(ResponseSchema):
    """Self-care actions to withhold, by the state of the flag."""

    raised = fields.List(fields.String(), required=True)
    raised_or_undetermined = fields.List(fields.String(), required=True)


class RiskFlagResponse(ItemResponse):
    urgency = fields.String(
        required=True,
        metadata={
            "description": "emergency, same_day, see_doctor_soon, self_care. "
            "New values may be added."
        },
    )
    route = fields.String(
        required=True, metadata={"description": "Whom to turn to; see the rule set."}
    )
    act_within_hours = fields.Integer(
        metadata={"description": "Hours; 0 is now. Absent: no contact is needed."}
    )
    action = fields.String(required=True, metadata={"description": "What to do."})
    rationale = fields.String(
        required=True, metadata={"description": "Why, for the clinical reader."}
    )
    basis = fields.String(
        required=True,
        metadata={
            "description": "guidance: a source names trigger and urgency; "
            "guidance-plus-judgement: threshold or timing is ours; judgement: ours."
        },
    )
    needs_sign_off = fields.String(
        metadata={"description": "What a clinician still has to decide."}
    )
    note = fields.String()
    computed = fields.Boolean(
        required=True,
        metadata={"description": "Raised by the evaluation, not by `when`."},
    )
    when = ConditionField(
        required=False,
        metadata={"description": "The condition that raises it; see the rule set."},
    )
    sources = fields.List(fields.String(), required=True)
    withhold = fields.Nested(WithholdResponse, required=True)


class RiskFlagPageResponse(PageResponse):
    items = fields.List(fields.Nested(RiskFlagResponse), required=True)


class RiskFlagQuery(ItemQuery):
    urgency = choice(Urgency, "How urgent it is.")
