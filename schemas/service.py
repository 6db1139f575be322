"""The service document, and the service's own words as editors write them."""

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from api.domain.evidence import Certainty, Verdict
from api.domain.items import Code, Recommendation
from api.domain.releases import Grade, Happened
from api.domain.texts import License, ProblemType, Term, Vocabulary
from api.domain.vocabulary import (
    Basis,
    Population,
    Position,
    Side,
    Site,
    SourceKind,
    Urgency,
    When,
)
from schemas.base import (
    FileSchema,
    ResponseSchema,
    Slug,
    Text,
    nested_list,
    references,
    whole_number,
)
from schemas.items import CodeResponse, TranslationResponse

LABELLED = {
    "population": Population,
    "verdict": Verdict,
    "certainty": Certainty,
    "recommendation": Recommendation,
    "urgency": Urgency,
    "basis": Basis,
    "when": When,
    "site": Site,
    "position": Position,
    "side": Side,
    "source-kind": SourceKind,
    "change-grade": Grade,
    "change": Happened,
}
"""The vocabularies that the content must label, each term once."""


class LicenseFile(FileSchema):
    builds = License

    id = fields.String(required=True)
    title = fields.String(required=True)
    url = fields.Url(required=True)


class ServiceFile(FileSchema):
    id = Slug()
    title = Text(80)
    description = Text(400)
    disclaimer = Text(600)
    clinical_review = Text(400)
    when_out_of_date = Text(600)
    license = fields.Nested(LicenseFile, required=True)
    credit = Text(200)
    credit_source = Text(200)

    @validates_schema(skip_on_field_errors=True)
    def has_credits_that_fill(self, data, **kwargs):
        for key in ("credit", "credit_source"):
            try:
                data[key].format(title="", url="", license="")
            except (KeyError, ValueError, IndexError) as error:
                message = "may only use {title}, {url} and {license}"
                raise ValidationError(message, key) from error


class TermFile(FileSchema):
    builds = Term

    id = fields.String(required=True)
    label = Text(80)
    description = Text(300, required=False)


class VocabularyFile(FileSchema):
    builds = Vocabulary

    id = fields.String(required=True, validate=validate.OneOf(list(LABELLED)))
    title = Text(80)
    terms = nested_list(TermFile)

    @validates_schema(skip_on_field_errors=True)
    def labels_every_term_once(self, data, **kwargs):
        found, wanted = [term.id for term in data["terms"]], LABELLED[data["id"]]
        if sorted(found) != sorted(wanted):
            raise ValidationError(
                f"must have exactly these terms: {', '.join(wanted)}", "terms"
            )


class VocabulariesFile(FileSchema):
    id = Slug()
    vocabularies = nested_list(VocabularyFile)

    @validates_schema(skip_on_field_errors=True)
    def has_every_vocabulary_once(self, data, **kwargs):
        if sorted(v.id for v in data["vocabularies"]) != sorted(LABELLED):
            raise ValidationError(
                f"must have exactly these: {', '.join(LABELLED)}", "vocabularies"
            )


class AttachedFile(FileSchema):
    topic = fields.Boolean(truthy={True}, falsy={False}, required=True)
    flags = references("risk-flags", required=True)
    claims = references("claims", required=True)


class CodeFile(FileSchema):
    system = fields.String(
        required=True, validate=validate.OneOf(["ICD-10-CM", "ICD-11", "MeSH"])
    )
    code = fields.String(required=True)
    display = fields.String(required=True)
    role = fields.String(required=True)
    billable = fields.Boolean(truthy={True}, falsy={False})
    authority = fields.String(required=True)
    uri = fields.Url(schemes={"http", "https"})
    checked = fields.String(
        required=True, validate=validate.OneOf(["original", "copy"])
    )
    note = fields.String()
    attached_to = fields.Nested(AttachedFile, required=True)

    @post_load
    def build(self, data, **kwargs):
        """A pair: the code, and what it is attached to."""
        return Code(**{k: v for k, v in data.items() if k != "attached_to"}), data[
            "attached_to"
        ]


class CodesFile(FileSchema):
    id = Slug()
    codes = nested_list(CodeFile)


class ProblemTypeFile(FileSchema):
    builds = ProblemType

    id = Slug()
    status = whole_number(400, 599)
    title = Text(80)
    description = Text(500)


class PhraseFile(FileSchema):
    id = Slug()
    text = Text(300)


class MessagesFile(FileSchema):
    id = Slug()
    problems = nested_list(ProblemTypeFile)
    messages = nested_list(PhraseFile)


class TermResponse(ResponseSchema):
    id = fields.String(required=True)
    label = fields.String(required=True)
    description = fields.String()


class VocabularyResponse(ResponseSchema):
    id = fields.String(required=True)
    title = fields.String(required=True)
    terms = fields.List(fields.Nested(TermResponse), required=True)


class LicenseResponse(ResponseSchema):
    id = fields.String(required=True, metadata={"description": "SPDX id."})
    title = fields.String(required=True)
    url = fields.Url(required=True)


class TopicResponse(ResponseSchema):
    codes = fields.List(fields.Nested(CodeResponse), required=True)


class CountsResponse(ResponseSchema):
    causes = fields.Integer(required=True)
    relief_protocols = fields.Integer(required=True)
    prevention_tips = fields.Integer(required=True)
    risk_flags = fields.Integer(required=True)
    risk_questions = fields.Integer(required=True)
    sources = fields.Integer(required=True)


class ServiceLinksResponse(ResponseSchema):
    self = fields.Url(required=True)
    causes = fields.Url(required=True)
    relief_protocols = fields.Url(required=True)
    prevention_tips = fields.Url(required=True)
    risk_flags = fields.Url(required=True)
    risk_questions = fields.Url(required=True)
    risk_rules = fields.Url(required=True)
    risk_evaluations = fields.Url(required=True)
    sources = fields.Url(required=True)
    search = fields.String(
        required=True, metadata={"description": "A URI template: fill in {q}."}
    )
    bundle = fields.Url(required=True)
    changes = fields.Url(required=True, metadata={"description": "A JSON Feed."})
    changes_atom = fields.Url(required=True)
    openapi = fields.Url(required=True)
    contract_kit = fields.Url(
        required=True,
        metadata={"description": "What a nightly test holds the service to."},
    )
    docs = fields.Url(required=True)
    health = fields.Url(required=True)


class ServiceResponse(ResponseSchema):
    """What this service is, which content it serves, and where everything is."""

    title = fields.String(required=True)
    description = fields.String(required=True)
    disclaimer = fields.String(
        required=True, metadata={"description": "Show it where the guidance is shown."}
    )
    clinical_review = fields.String(
        required=True, metadata={"description": "The honest state of clinical review."}
    )
    api_version = fields.String(required=True)
    content_version = fields.String(required=True)
    ruleset_version = fields.String(required=True)
    released_on = fields.Date(required=True)
    language = fields.String(required=True)
    languages = fields.List(fields.String(), required=True)
    translation = fields.Nested(
        TranslationResponse, required=True, attribute="publication.translation"
    )
    license = fields.Nested(LicenseResponse, required=True)
    topic = fields.Nested(TopicResponse, required=True)
    counts = fields.Nested(CountsResponse, required=True)
    vocabularies = fields.List(
        fields.Nested(VocabularyResponse),
        required=True,
        metadata={"description": "Words for the codes in answers, in this language."},
    )
    links = fields.Nested(ServiceLinksResponse, required=True)
