"""The contract: OpenAPI 3.1, generated from the views, with real answers as examples.

`python -m api.contract` writes it to openapi/; a test compares what is written there.
"""

import json
from collections.abc import Callable, Iterator
from enum import StrEnum

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask, Response
from flask.testing import FlaskClient
from flask_smorest import Api
from marshmallow import fields
from werkzeug.exceptions import HTTPException, InternalServerError, TooManyRequests
from werkzeug.test import TestResponse

from api.domain.answers import NOT_KNOWN
from api.domain.library import Library
from api.domain.releases import Tombstone
from api.domain.rules import YES_NO, Question
from api.domain.texts import Message
from api.web import deprecation, errors
from api.web.bodies import LARGEST_BODY
from api.web.current import catalogue, library
from api.web.limits import UNLIMITED
from api.web.operations import LIMIT_HEADERS, references
from api.web.refusals import REFUSED
from api.web.version import API_VERSION
from schemas.conditions import ConditionField
from schemas.listing import Choice, Count, LanguageTag
from schemas.problems import ProblemResponse
from schemas.risk_evaluations import AnswersField

PROBLEM_MEDIA_TYPE = "application/problem+json"
EXAMPLE_REQUEST = "x-example-request"

HEADERS = {
    "ETag": "Strong validator of this answer in this language.",
    "Last-Modified": "When the content was released.",
    "Cache-Control": "How long the answer may be kept.",
    "Vary": "The request headers that the answer depends on.",
    "Content-Language": "BCP 47 tag of the language of the answer.",
    "Link": "Pages of a list (`next`, `prev`) and the same answer in other languages "
    "(`alternate` with `hreflang`).",
    "Retry-After": "After how many seconds to try again.",
    "RateLimit": "What is left to this client: the policy, `r` requests, for `t` "
    "seconds (IETF draft httpapi-ratelimit-headers).",
    "RateLimit-Policy": "The policy that counts this request: `q` requests of a client "
    "in `w` seconds. Missing where the operator does not limit.",
}
HEADER_EXAMPLES = {
    "Retry-After": "42",
    "RateLimit": '"evaluations";r=2999;t=42',
    "RateLimit-Policy": '"evaluations";q=3000;w=60',
}

API_KEY = {
    "type": "apiKey",
    "in": "header",
    "name": "X-API-Key",
    "description": "Never needed. A key that the operator gave to an app only raises "
    "its limits; one that is not known counts as none.",
}

PARAMETERS = {
    "AcceptLanguage": {
        "in": "header",
        "name": "Accept-Language",
        "description": "Languages by preference; English when none of them is there.",
        "schema": {"type": "string"},
        "example": "ru, en;q=0.5",
    },
    "IfNoneMatch": {
        "in": "header",
        "name": "If-None-Match",
        "description": "ETags of copies at hand: 304 when one of them is still right.",
        "schema": {"type": "string"},
    },
}

NEGOTIATION = {
    "get": [{"$ref": f"#/components/parameters/{name}"} for name in PARAMETERS],
    "post": [{"$ref": "#/components/parameters/AcceptLanguage"}],
}
"""What every operation takes beside its query, by method."""

EXAMPLE_LIST = "/v1/causes?page_size=1"
"""Its headers are the examples of ours."""

EVALUATIONS = {"path": "/v1/risk-evaluations", "method": "POST"}

FAILURES: dict[str, dict] = {
    "BadRequest": {**EVALUATIONS, "data": "{", "content_type": "application/json"},
    "ContentTooLarge": {**EVALUATIONS, "json": {"answers": {}, "": " " * LARGEST_BODY}},
    "InvalidRequest": {"path": "/v1/causes?verdict=true&page=0"},
    "NotAcceptable": {"path": "/v1/causes?lang=xx"},
    "NotFound": {"path": "/v1/causes/no-such-cause"},
    "UnsupportedMediaType": {**EVALUATIONS, "data": "", "content_type": "text/plain"},
}
"""Named error responses, and the request whose answer is the example of each."""

UNREQUESTED: dict[str, tuple[str, Callable[[], Response]]] = {
    "Gone": ("/v1/causes/withdrawn-cause", lambda: errors.withdrawn(_withdrawn())),
    "InternalError": ("/v1/causes", lambda: errors.problem(InternalServerError())),
    "RequestTimeout": ("/v1/risk-evaluations", lambda: errors.problem(REFUSED["slow"])),
    "TooManyRequests": ("/v1/risk-evaluations", lambda: errors.problem(_too_many())),
    "Unavailable": ("/v1/causes", lambda: errors.problem(REFUSED["busy"])),
}
"""Those that no request gets from us today: at which address, and how we answer."""

FAILURE_DESCRIPTIONS = {
    "BadRequest": "The body is not JSON.",
    "ContentTooLarge": f"The body is over {LARGEST_BODY} bytes.",
    "Gone": "It was here and was withdrawn; the problem says what replaced it.",
    "InternalError": "An error on our side; try again later.",
    "InvalidRequest": "Parameters or a body that the contract does not allow; `errors` "
    "has every problem with a pointer.",
    "NotAcceptable": "`?lang=` names a language that is not there.",
    "NotFound": "There is no item with this id.",
    "RequestTimeout": "The body did not arrive in time.",
    "TooManyRequests": "This client has used up its requests of this minute.",
    "Unavailable": "There is more to do than there is time for, or a stop is near.",
    "UnsupportedMediaType": "The body is not sent as application/json.",
}
FAILURE_HEADERS = {
    "TooManyRequests": ("Retry-After", *LIMIT_HEADERS),
    "Unavailable": ("Retry-After",),
}
"""Headers that not every failure has."""

CONDITION = {
    "type": "object",
    "description": "A condition of the rule language: `question` with one of `is`, "
    "`in`, `above`, `at_least`, `below`, `at_most`; or `at_least` and `of`; or `fact`, "
    "`all`, `any`, `not`. `if_unknown` replaces an unknown result of that node only.",
    "properties": {
        "question": {"type": "string"},
        "is": {"type": "string"},
        "in": {"type": "array", "items": {"type": "string"}},
        "above": {"type": "number"},
        "at_least": {"type": "number"},
        "below": {"type": "number"},
        "at_most": {"type": "number"},
        "of": {"type": "array", "items": {"type": "string"}},
        "fact": {"type": "string"},
        "all": {"type": "array", "items": {"$ref": "#/components/schemas/Condition"}},
        "any": {"type": "array", "items": {"$ref": "#/components/schemas/Condition"}},
        "not": {"$ref": "#/components/schemas/Condition"},
        "if_unknown": {"type": "boolean"},
    },
}


class ContractedApi(Api):
    """flask-smorest with our error shape, our headers and our named responses."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def handle_http_exception(self, error: HTTPException) -> Response:
        return errors.problem(error)

    def _register_responses(self) -> None:
        components = self.spec.components
        self.ma_plugin.converter.add_attribute_function(_repaired)
        components.security_scheme("ApiKey", API_KEY)
        for name, description in HEADERS.items():
            components.header(name, _header(name, description))
        for name, parameter in PARAMETERS.items():
            location, key = parameter["in"], parameter["name"]
            rest = {k: v for k, v in parameter.items() if k not in ("in", "name")}
            components.parameter(name, location, {"name": key, **rest})
        components.response("NotModified", _not_modified("Content-Language"))
        components.response("DataNotModified", _not_modified())
        for name, description in FAILURE_DESCRIPTIONS.items():
            components.response(name, _failure(name, description))

    def _register_etag_headers(self) -> None:
        """Ours are registered with the responses."""

    def _register_pagination_header(self) -> None:
        """Pages are in the body and in Link."""


def _schema_name(schema) -> str:
    """`Cause` for CauseResponse: clients generate classes of these names."""
    cls = resolve_schema_cls(schema)
    return cls.__name__.removesuffix("Response")  # type: ignore[union-attr]


def _not_modified(*more: str) -> dict:
    names = ("ETag", "Cache-Control", "Vary", "Last-Modified", *more)
    return {
        "description": "The copy at hand is still right.",
        "headers": references(names),
    }


def _header(name: str, description: str) -> dict:
    example = {"example": HEADER_EXAMPLES[name]} if name in HEADER_EXAMPLES else {}
    return {"description": description, "schema": {"type": "string"}, **example}


def _failure(name: str, description: str) -> dict:
    more = FAILURE_HEADERS.get(name, ())
    return {
        "description": description,
        "headers": references(("Content-Language", "Cache-Control", *more)),
        "content": {PROBLEM_MEDIA_TYPE: {"schema": ProblemResponse}},
    }


def _repaired(self, field: fields.Field, ret: dict, **kwargs) -> dict:
    """What apispec gets wrong about our fields, or cannot know."""
    if isinstance(field, ConditionField):
        return {"$ref": "#/components/schemas/Condition"}
    if isinstance(field, AnswersField):
        return {"$ref": "#/components/schemas/Answers"}
    if isinstance(field, LanguageTag):
        return {"$ref": "#/components/schemas/LanguageTag"}
    if isinstance(field, Choice):
        ret.pop("enum", None)  # it stands where the reference leads
        return {"$ref": f"#/components/schemas/{_vocabulary(self.spec, field.enum)}"}
    if isinstance(field, Count):
        return {"type": "integer", "minimum": 1, "maximum": field.maximum}
    if isinstance(field, fields.Url):
        return {"format": "uri"}
    return {}


def _vocabulary(spec: APISpec, vocabulary: type[StrEnum]) -> str:
    """The name of the values that a filter takes, one schema for all its operations.

    Answers may have new values at any time, so this is not for them.
    """
    name = f"{vocabulary.__name__}Filter"
    if name not in spec.components.schemas:
        values = [str(value) for value in vocabulary]
        spec.components.schema(name, {"type": "string", "enum": values})
    return name


def build_api(app: Flask, library: Library) -> ContractedApi:
    """The Api that blueprints are registered with."""
    service = library.catalogue(library.original).service
    app.config.update(
        API_TITLE=service.title,
        API_VERSION=API_VERSION,
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {
                "description": f"{service.description}\n\n{service.disclaimer}\n\n"
                f"{service.clinical_review}",
                "license": {
                    "name": f"Content: {service.license.title}",
                    "identifier": service.license.id,
                },
                "contact": {"name": "Nightcramp", "url": f"{library.public_url}/docs"},
            },
            "servers": [{"url": library.public_url}],
            "security": [],
        },
    )
    api = _contracted(app)
    components = api.spec.components
    components.schema("Condition", _condition(library))
    components.schema("LanguageTag", _language_tag(library))
    components.schema("YesNoAnswer", {"type": "string", "enum": [*YES_NO, NOT_KNOWN]})
    components.schema("Answers", _answers(library))
    return api


def _contracted(app: Flask) -> ContractedApi:
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    return ContractedApi(app, spec_kwargs={"marshmallow_plugin": plugin})


def _condition(library: Library) -> dict:
    """With an example: mocks cannot make one up of a schema that contains itself."""
    questions = library.catalogue(library.original).rules.questions
    asked = next(question.id for question in questions if question.type == "yes_no")
    return {**CONDITION, "example": {"question": asked, "is": YES_NO[0]}}


def _language_tag(library: Library) -> dict:
    """Any tag that `web.negotiation` finds a language for: ru, ru-RU, EN_gb."""
    either = ("".join(f"[{c}{c.upper()}]" for c in tag) for tag in library.languages)
    return {
        "type": "string",
        "pattern": f"^({'|'.join(either)})([-_].*)?$",
        "description": "A BCP 47 tag of a language that is there, or of a regional "
        "form of one: `ru-RU` is answered in `ru`.",
    }


def _answers(library: Library) -> dict:
    """Every question with the answers that it takes; no other key is possible."""
    questions = library.catalogue(library.original).rules.questions
    return {
        "type": "object",
        "description": "Answers by question. Leave out what was not asked.",
        "additionalProperties": False,
        "properties": {question.id: _answer(question) for question in questions},
    }


def _answer(question: Question) -> dict:
    described = {"description": question.text}
    if question.type == "number":
        bounds = {"minimum": question.minimum, "maximum": question.maximum}
        number = {"type": "number", **bounds}
        return {**described, "oneOf": [number, {"type": "string", "const": NOT_KNOWN}]}
    if question.type == "yes_no":
        return {**described, "$ref": "#/components/schemas/YesNoAnswer"}
    return {**described, "type": "string", "enum": [*question.values, NOT_KNOWN]}


def describe(app: Flask) -> dict:
    """The description as plain data; the example of each operation is a real answer."""
    api: ContractedApi = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    description = json.loads(json.dumps(api.spec.to_dict()))
    # A context of its own: what the examples set in `g` is not for the request at hand.
    with app.app_context():
        _give_examples(description, app)
    deprecation.document(description, app.extensions["library"].public_url)
    return description


def _give_examples(description: dict, app: Flask) -> None:
    """Real answers, so that what is shown is what is sent."""
    client, components = app.test_client(), description["components"]
    client.environ_base[UNLIMITED] = "yes"
    _exemplify_operations(description, client)
    _exemplify_headers(components["headers"], client.get(EXAMPLE_LIST))
    for name, request in FAILURES.items():
        _exemplify(components["responses"][name], client.open(**request))
    for name, (path, answer) in UNREQUESTED.items():
        with app.test_request_context(path):
            _exemplify(components["responses"][name], answer())


def _exemplify_operations(description: dict, client: FlaskClient) -> None:
    for path, method, operation in _operations(description):
        operation["responses"] = dict(sorted(operation["responses"].items()))
        if EXAMPLE_REQUEST not in operation:
            continue
        if "parameters" in operation:
            operation["parameters"] += NEGOTIATION[method]
        example = operation.pop(EXAMPLE_REQUEST)
        # What will answer 410 one day gets no example that would then be another.
        if example and "sunset" not in operation.get(deprecation.MARK, ()):
            (content,) = operation["responses"]["200"]["content"].values()
            posted = {"path": path, "json": example}
            request = posted if method == "post" else {"path": example}
            content["example"] = _example(client.open(method=method, **request))


def _exemplify_headers(headers: dict, answer: TestResponse) -> None:
    for name, header in headers.items():
        if sent := answer.headers.getlist(name):
            header["example"] = ", ".join(sent)


def _exemplify(failure: dict, answer: Response | TestResponse) -> None:
    failure["content"][PROBLEM_MEDIA_TYPE]["example"] = json.loads(answer.data)


def _withdrawn() -> Tombstone:
    """Of an item that never was, to show what the contract means by one."""
    release = library().release
    return Tombstone(
        item="causes/withdrawn-cause",
        withdrawn_in=release.version,
        withdrawn_on=release.released_on,
        reason="An example: no such cause was ever published.",
        replaced_by=f"causes/{next(iter(catalogue().causes))}",
    )


def _too_many() -> TooManyRequests:
    return TooManyRequests(Message("too-many-requests", seconds=42))


def _example(answer: TestResponse) -> dict | str:
    return (
        answer.get_json() if (answer.mimetype or "").endswith("json") else answer.text
    )


def _operations(description: dict) -> Iterator[tuple[str, str, dict]]:
    """Every operation with its path and its method."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict):
                yield path, method, operation


def serialize(description: dict) -> str:
    """The description as it is committed: stable, readable, one final newline."""
    return json.dumps(description, indent=1, ensure_ascii=False) + "\n"
