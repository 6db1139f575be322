"""Vignettes: worked cases that the rules must get right."""

from marshmallow import fields, validate

from api.domain.vignettes import Expectation, Vignette
from api.domain.vocabulary import Urgency
from schemas.base import (
    FileSchema,
    Slug,
    Text,
    one_of,
    references,
    texts,
    whole_number,
)


class ExpectationFile(FileSchema):
    builds = Expectation

    level = one_of(Urgency)
    flags = references("risk-flags", required=True)
    settled = fields.Boolean(truthy={True}, falsy={False}, required=True)
    could_reach = one_of(Urgency, required=False)
    wells_points = fields.List(whole_number(0, 9), validate=validate.Length(2, 2))
    unresolved = references("risk-questions", required=False)


class VignetteFile(FileSchema):
    builds = Vignette

    id = Slug()
    narrative = Text(400)
    why = Text(400)
    assumptions = texts(300, load_default=list)
    basis = fields.String(
        required=True,
        validate=validate.OneOf(["guidance", "published-case", "constructed"]),
    )
    sources = references("sources", required=True)
    answers = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)
    rest = fields.String(
        required=True, validate=validate.OneOf(["negative", "not-asked"])
    )
    expected = fields.Nested(ExpectationFile, required=True)
