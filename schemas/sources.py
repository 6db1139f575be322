"""Sources: the literature behind every claim."""

from marshmallow import fields, validate

from api.domain.items import Source
from api.domain.vocabulary import SourceKind
from schemas.base import FileSchema, Slug, Text, one_of
from schemas.items import PublicationResponse, PublishedResponse
from schemas.listing import ListQuery, PageResponse, choice


class SourceFile(FileSchema):
    builds = Source

    id = Slug()
    title = fields.String(required=True, validate=validate.Length(min=1))
    authors = fields.String(validate=validate.Length(min=1))
    publication_name = fields.String(
        required=True, data_key="publication", validate=validate.Length(min=1)
    )
    year = fields.Integer(strict=True, validate=validate.Range(1900, 2100))
    pmid = fields.String(validate=validate.Regexp(r"\d+\Z"))
    doi = fields.String(validate=validate.Regexp(r"10\.\S+\Z"))
    url = fields.Url(required=True, schemes={"https", "http"})
    kind = one_of(SourceKind)
    finding = Text(1000)
    checked = fields.String(
        required=True, validate=validate.OneOf(["original", "copy"])
    )


class SourceResponse(PublicationResponse, PublishedResponse):
    authors = fields.String()
    publication = fields.String(required=True, attribute="publication_name")
    year = fields.Integer()
    pmid = fields.String()
    doi = fields.String()
    url = fields.Url(required=True)
    kind = fields.String(required=True)
    finding = fields.String(
        required=True,
        metadata={"description": "Our paraphrase, never a quotation."},
    )
    checked = fields.String(
        required=True,
        metadata={
            "description": "`original`: read at the publisher's own address; "
            "`copy`: read in a copy of the body's own text."
        },
    )


class SourcePageResponse(PageResponse):
    items = fields.List(fields.Nested(SourceResponse), required=True)


class SourceQuery(ListQuery):
    kind = choice(SourceKind, "Kind of publication.")
