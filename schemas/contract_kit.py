"""The contract kit: what an app's own nightly test holds the service to."""

from marshmallow import fields

from schemas.base import ResponseSchema
from schemas.vectors import VectorResponse


class KitIdsResponse(ResponseSchema):
    """Ids of one kind. An id is never used for anything else again."""

    kind = fields.String(required=True)
    path = fields.String(
        metadata={
            "description": "Where each is: fill in {id}. Absent where they have no "
            "addresses of their own."
        }
    )
    ids = fields.List(
        fields.String(), required=True, metadata={"description": "Each answers 200."}
    )
    withdrawn = fields.List(
        fields.String(), required=True, metadata={"description": "Each answers 410."}
    )


class KitVocabularyResponse(ResponseSchema):
    id = fields.String(required=True)
    codes = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "All there are; more may come, none goes."},
    )


class KitRequestResponse(ResponseSchema):
    method = fields.String(required=True)
    path = fields.String(
        required=True, metadata={"description": "With the query; put it after the URL."}
    )
    headers = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    body = fields.Raw(
        metadata={"description": "Send it as JSON, whatever Content-Type says."}
    )
    repeat_with = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={
            "description": "Where it has headers: ask a second time with them, each "
            "set to the header of the first answer that it names. Judge the second "
            "answer."
        },
    )


class ExpectedResponse(ResponseSchema):
    """What is expected of one value: one of `equals`, `matches`, `type`, `absent`."""

    equals = fields.Raw(metadata={"description": "The same JSON value, of any type."})
    matches = fields.String(
        metadata={"description": "A regular expression that is found in the text."}
    )


class ExpectedHeaderResponse(ExpectedResponse):
    name = fields.String(
        required=True,
        metadata={"description": "Of several such headers, join the values with `, `."},
    )


class ExpectedValueResponse(ExpectedResponse):
    pointer = fields.String(
        required=True,
        metadata={"description": "JSON pointer (RFC 6901) into the body."},
    )
    type = fields.String(
        metadata={"description": "string, integer, boolean, array or object."}
    )
    absent = fields.Boolean(
        metadata={"description": "Always true: nothing is there, or null."}
    )


class ExpectationResponse(ResponseSchema):
    """Everything in it must hold."""

    status = fields.Integer(required=True)
    media_type = fields.String(
        metadata={"description": "Of Content-Type, without its parameters."}
    )
    headers = fields.List(fields.Nested(ExpectedHeaderResponse), required=True)
    body = fields.List(fields.Nested(ExpectedValueResponse), required=True)


class CheckResponse(ResponseSchema):
    """A request and what must come back. `purpose` says why, in English."""

    id = fields.String(required=True, metadata={"description": "Stable."})
    purpose = fields.String(required=True)
    needs = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "evaluation, filter, search: what a static mirror has not."
        },
    )
    bound_to = fields.String(
        metadata={
            "description": "content_version or ruleset_version: it holds while the "
            "service document names the version that the kit names. Absent: it holds "
            "for all of /v1."
        }
    )
    request = fields.Nested(KitRequestResponse, required=True)
    expect = fields.Nested(ExpectationResponse, required=True)


class KitVectorsResponse(ResponseSchema):
    """Some of the vectors; bound to `ruleset_version`."""

    total = fields.Integer(
        required=True, metadata={"description": "How many `links.vectors` has."}
    )
    sample = fields.List(fields.Nested(VectorResponse), required=True)


class KitLinksResponse(ResponseSchema):
    self = fields.Url(required=True)
    page = fields.Url(required=True, metadata={"description": "How to use it."})
    python = fields.Url(required=True, metadata={"description": "A runner."})
    javascript = fields.Url(required=True, metadata={"description": "A runner."})
    contract = fields.Url(required=True)
    vectors = fields.Url(required=True)


class ContractKitResponse(ResponseSchema):
    """Ids, checks and vectors of this service; the same in every language."""

    kit_version = fields.Integer(
        required=True,
        metadata={
            "description": "Grows when a runner has to learn something: stop at one "
            "that you do not know."
        },
    )
    api_version = fields.String(required=True)
    content_version = fields.String(required=True)
    ruleset_version = fields.String(required=True)
    ids = fields.List(fields.Nested(KitIdsResponse), required=True)
    vocabularies = fields.List(fields.Nested(KitVocabularyResponse), required=True)
    checks = fields.List(fields.Nested(CheckResponse), required=True)
    vectors = fields.Nested(KitVectorsResponse, required=True)
    links = fields.Nested(KitLinksResponse, required=True)
