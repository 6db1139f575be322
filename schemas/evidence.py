"""Claims, and the evidence of an item."""

from marshmallow import fields

from api.domain.evidence import Certainty, Claim, Evidence, Verdict
from api.domain.vocabulary import Population
from schemas.base import (
    FileSchema,
    ResponseSchema,
    Slug,
    Text,
    one_of,
    references,
    some_of,
)


class ClaimFile(FileSchema):
    builds = Claim

    id = Slug()
    text = Text(300)
    origin = fields.String(
        required=True,
        validate=fields.validate.OneOf(["popular", "literature"]),
    )
    verdict = one_of(Verdict)
    certainty = one_of(Certainty)
    why = Text(600)
    populations = some_of(Population)
    sources = references("sources", required=True)


class EvidenceFile(FileSchema):
    builds = Evidence

    verdict = one_of(Verdict)
    certainty = one_of(Certainty)
    why = Text(500)
    claims = references("claims", required=True)
    sources = references("sources", required=True)


class ClaimResponse(ResponseSchema):
    id = fields.String(required=True)
    text = fields.String(
        required=True, metadata={"description": "The statement that was checked."}
    )
    origin = fields.String(
        required=True,
        metadata={
            "description": "`popular`: a belief that people hold; "
            "`literature`: added from the literature. New values may be added."
        },
    )
    verdict = fields.String(required=True)
    certainty = fields.String(required=True)
    why = fields.String(required=True)
    populations = fields.List(fields.String(), required=True)
    sources = fields.List(fields.String(), required=True)


class EvidenceResponse(ResponseSchema):
    verdict = fields.String(
        required=True,
        metadata={
            "description": "What the evidence says of the lead claim: supported, "
            "mixed, contested, unsupported, commercial-claim. New values may be added."
        },
    )
    certainty = fields.String(
        required=True,
        metadata={
            "description": "How sure we are of the verdict: high, moderate, low, "
            "very-low. Show it together with the verdict."
        },
    )
    why = fields.String(
        required=True, metadata={"description": "One sentence of why, in plain words."}
    )
    sources = fields.List(
        fields.String(), required=True, metadata={"description": "Ids of sources."}
    )
