"""What every published item has, at both doors."""

from marshmallow import fields

from api.domain.items import Related, Review
from api.domain.vocabulary import Population
from schemas.base import (
    FileSchema,
    Keywords,
    ResponseSchema,
    Slug,
    Text,
    references,
    some_of,
    texts,
)
from schemas.evidence import ClaimResponse, EvidenceFile, EvidenceResponse


class RelatedFile(FileSchema):
    builds = Related

    causes = references("causes", required=True)
    relief_protocols = references("relief-protocols", required=True)
    prevention_tips = references("prevention-tips", required=True)
    risk_flags = references("risk-flags", required=True)


class ReviewFile(FileSchema):
    builds = Review

    reviewed_on = fields.Date(required=True)
    review_due = fields.Date(required=True)
    clinician = fields.String(allow_none=True)


class ItemFile(FileSchema):
    id = Slug()
    title = Text(80)
    summary = Text(300)
    keywords = Keywords()
    populations = some_of(Population)
    related = fields.Nested(RelatedFile, required=True)
    review = fields.Nested(ReviewFile, required=True)


class EvidencedItemFile(ItemFile):
    people_say = Text(600, required=False)
    explanation = texts(800)
    evidence = fields.Nested(EvidenceFile, required=True)


class RelatedResponse(ResponseSchema):
    causes = fields.List(fields.String(), required=True)
    relief_protocols = fields.List(fields.String(), required=True)
    prevention_tips = fields.List(fields.String(), required=True)
    risk_flags = fields.List(fields.String(), required=True)


class ReviewResponse(ResponseSchema):
    reviewed_on = fields.Date(required=True)
    review_due = fields.Date(required=True)
    clinician = fields.String(
        metadata={
            "description": "The clinician who signed. Absent: no clinician has signed."
        }
    )


class TranslationResponse(ResponseSchema):
    status = fields.String(
        required=True,
        metadata={
            "description": "`original`, `current`, or `outdated`: the English text has "
            "changed since this translation was made. New values may be added."
        },
    )


class AttributionResponse(ResponseSchema):
    license = fields.String(required=True, metadata={"description": "SPDX id."})
    text = fields.String(required=True)
    html = fields.String(required=True)


class ItemLinksResponse(ResponseSchema):
    self = fields.Url(required=True)


class CodeResponse(ResponseSchema):
    """A classification code. It names a subject; it is never a diagnosis."""

    system = fields.String(required=True)
    code = fields.String(required=True)
    display = fields.String(required=True)
    role = fields.String(required=True)
    authority = fields.String(required=True)
    checked = fields.String(required=True)
    billable = fields.Boolean()
    uri = fields.Url()
    note = fields.String()


class PublishedResponse(ResponseSchema):
    """What every published thing has, sources included."""

    id = fields.String(
        required=True,
        metadata={"description": "Stable, kebab-case, never reused."},
    )
    type = fields.String(required=True)
    title = fields.String(required=True)


class PublicationResponse(ResponseSchema):
    """What closes every published thing: language, credit, address."""

    language = fields.String(
        required=True,
        attribute="publication.language",
        metadata={"description": "BCP 47 tag."},
    )
    translation = fields.Nested(
        TranslationResponse, required=True, attribute="publication.translation"
    )
    attribution = fields.Nested(
        AttributionResponse, required=True, attribute="publication.attribution"
    )
    links = fields.Nested(
        ItemLinksResponse, required=True, attribute="publication.links"
    )


class ItemResponse(PublicationResponse, PublishedResponse):
    summary = fields.String(
        required=True, metadata={"description": "The one thing to know."}
    )
    keywords = fields.List(fields.String(), required=True)
    populations = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Whom it concerns. New values may be added."},
    )
    related = fields.Nested(RelatedResponse, required=True)
    review = fields.Nested(ReviewResponse, required=True)
    claims = fields.List(
        fields.Nested(ClaimResponse),
        required=True,
        attribute="publication.claims",
        metadata={
            "description": "The checked statements behind the item, lead claim first."
        },
    )
    codes = fields.List(
        fields.Nested(CodeResponse),
        required=True,
        attribute="publication.codes",
        metadata={"description": "Classification codes of the subject."},
    )


class EvidencedItemResponse(ItemResponse):
    people_say = fields.String(
        metadata={"description": "The popular belief, where there is one."}
    )
    explanation = fields.List(
        fields.String(), required=True, metadata={"description": "Paragraphs."}
    )
    evidence = fields.Nested(EvidenceResponse, required=True)
