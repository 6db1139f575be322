"""Prevention tips: what helps, may help, does not help, or is only sold."""

from marshmallow import ValidationError, fields, validates_schema

from api.domain.evidence import Verdict
from api.domain.items import PreventionTip, Recommendation
from schemas.base import one_of, references, texts
from schemas.conditions import ConditionField
from schemas.items import EvidencedItemFile, EvidencedItemResponse
from schemas.listing import EvidencedItemQuery, PageResponse, choice

ALLOWED = {
    Verdict.SUPPORTED: set(Recommendation) - {Recommendation.COMMERCIAL_CLAIM},
    Verdict.MIXED: set(Recommendation)
    - {Recommendation.RECOMMENDED, Recommendation.COMMERCIAL_CLAIM},
    Verdict.CONTESTED: set(Recommendation)
    - {Recommendation.RECOMMENDED, Recommendation.COMMERCIAL_CLAIM},
    Verdict.UNSUPPORTED: {Recommendation.NO_BENEFIT_SHOWN, Recommendation.AVOID},
    Verdict.COMMERCIAL_CLAIM: {Recommendation.COMMERCIAL_CLAIM},
}
"""What may be recommended on which verdict."""


class PreventionTipFile(EvidencedItemFile):
    builds = PreventionTip

    recommendation = one_of(Recommendation)
    actions = references("self-care-actions", required=True)
    offer_if = ConditionField(required=False)
    how_to = texts(400, load_default=list)
    cautions = texts(400, load_default=list)

    @validates_schema
    def recommends_no_more_than_the_verdict(self, data, **kwargs):
        verdict, recommendation = data["evidence"].verdict, data["recommendation"]
        if recommendation not in ALLOWED[verdict]:
            raise ValidationError(
                f"{recommendation} does not go with the verdict {verdict}; use one of "
                + ", ".join(r for r in Recommendation if r in ALLOWED[verdict]),
                "recommendation",
            )


class PreventionTipResponse(EvidencedItemResponse):
    recommendation = fields.String(
        required=True,
        metadata={
            "description": "recommended, may-help, ask-first, no-benefit-shown, avoid, "
            "commercial-claim. New values may be added."
        },
    )
    actions = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Self-care actions a raised risk flag may withhold."},
    )
    offer_if = ConditionField(
        required=False,
        metadata={
            "description": "An evaluation offers the tip only when this holds. "
            "Absent: to everyone."
        },
    )
    how_to = fields.List(fields.String(), required=True)
    cautions = fields.List(fields.String(), required=True)


class PreventionTipPageResponse(PageResponse):
    items = fields.List(fields.Nested(PreventionTipResponse), required=True)


class PreventionTipQuery(EvidencedItemQuery):
    recommendation = choice(Recommendation, "What to do with it.")
