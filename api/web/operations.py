"""What every reading operation declares: parameters, answer, headers, errors.

`reads` is the one way to publish a GET. The spec, the validation and the cache rules
all follow from it, so that a view is left with one domain call.
"""

from collections.abc import Callable
from functools import wraps

from flask import g, request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser

from api.domain.texts import Message
from api.web.bodies import read_json
from api.web.caching import CONTENT, OWN
from api.web.deprecation import mark_of
from schemas.listing import LanguageQuery

VALIDATORS = ("ETag", "Last-Modified", "Cache-Control", "Vary")
HEADERS = ("Content-Language", "Link", *VALIDATORS)
"""Headers of every content answer; each is a component of the spec."""
LIMIT_HEADERS = ("RateLimit", "RateLimit-Policy")
"""Headers of every answer that counts."""


Links = dict[str, dict[str, str]]
"""Operations by their id, each with its parameters and where in the answer they are."""


class StrictParser(FlaskParser):
    """Refuses a query parameter that is given twice: one of the two would be lost."""

    def load_querystring(self, req, schema):
        repeated = [key for key, values in req.args.lists() if len(values) > 1]
        if repeated:
            raise ValidationError(
                {key: [Message("repeated-parameter")] for key in repeated}
            )
        return super().load_querystring(req, schema)

    def load_json(self, req, schema):
        return read_json(req, schema.shape)


def read_query(query: type[Schema]) -> dict:
    """The query of a request to a page, held to `query` as those under /v1 are."""
    return StrictParser().parse(query, request, location="query", unknown=RAISE)


class Resource(Blueprint):
    """A group of operations under /v1."""

    ARGUMENTS_PARSER = StrictParser()


def reads(
    blueprint: Resource,
    rule: str,
    answer: type[Schema] | dict,
    *,
    operation_id: str,
    query: type[Schema] = LanguageQuery,
    example: str | None = None,
    speaks: bool = True,
    media_type: str | None = None,
    fails: tuple[tuple[int, str], ...] = (),
    links: Links | None = None,
    limited: str | None = None,
) -> Callable:
    """Publish a view as GET `rule`: cacheable, in the asked language if it `speaks`.

    The view gets the path parameters and, when `query` has filters of its own, the
    parsed query. `example` is the address whose real answer documents the operation;
    leave it out where that would be larger than the rest of the contract. `fails` are
    statuses and names of failures that other readings do not have; `links` are the
    operations that the answer leads to, and `limited` is the policy that counts its
    requests, see `api.web.limits`.
    """

    tells = LIMIT_HEADERS if limited else ()

    def decorate(view: Callable) -> Callable:
        takes_query = query is not LanguageQuery

        @wraps(view)
        def answered(arguments: dict, **path: str):
            g.cacheable, g.localised = True, speaks
            g.cache_rule = OWN if limited else CONTENT
            return view(arguments, **path) if takes_query else view(**path)

        documented = answered
        for status, name in (*_failures(rule, speaks), *fails):
            documented = blueprint.alt_response(status, name)(documented)
        documented = blueprint.response(
            200,
            answer,
            headers=references((*(HEADERS if speaks else VALIDATORS), *tells)),
            content_type=media_type,
        )(documented)
        documented = blueprint.arguments(query, location="query", unknown=RAISE)(
            documented
        )
        documented = _described(blueprint, operation_id, example, links)(documented)
        documented = blueprint.doc(**mark_of(view))(documented)
        publish = blueprint.get(rule, parameters=_path_parameters(rule, example))
        return publish(_limited(blueprint, documented, limited))

    return decorate


def writes(
    blueprint: Resource,
    rule: str,
    request: type[Schema],
    answer: type[Schema],
    *,
    operation_id: str,
    example: dict,
    limited: str | None = None,
    links: Links | None = None,
) -> Callable:
    """Publish a view as POST `rule`: never cached, in the asked language.

    The view gets the body; `example` is a body whose real answer documents it; `links`
    are the operations that the answer leads to, and `limited` is the policy that counts
    its requests, see `api.web.limits`.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def answered(query: dict, body: dict):
            return view(body)

        documented = answered
        for status, name in BODY_FAILURES:
            documented = blueprint.alt_response(status, name)(documented)
        documented = blueprint.response(
            200,
            answer,
            headers=references(("Content-Language", "Vary", *LIMIT_HEADERS)),
        )(documented)
        documented = blueprint.arguments(
            request, location="json", unknown=RAISE, example=example
        )(documented)
        documented = blueprint.arguments(
            LanguageQuery, location="query", unknown=RAISE
        )(documented)
        documented = _described(blueprint, operation_id, example, links)(documented)
        documented = blueprint.doc(**mark_of(view))(documented)
        return blueprint.post(rule)(_limited(blueprint, documented, limited))

    return decorate


def _described(
    blueprint: Resource,
    operation_id: str,
    example: str | dict | None,
    links: Links | None,
) -> Callable:
    """Add what the contract says of an operation beside its shapes."""
    followed = {
        target: {
            "operationId": target,
            "parameters": {
                name: f"$response.body#{pointer}" for name, pointer in taken.items()
            },
        }
        for target, taken in (links or {}).items()
    }
    return blueprint.doc(
        operationId=operation_id,
        **{"x-example-request": example},
        **({"responses": {200: {"links": followed}}} if followed else {}),
    )


def _path_parameters(rule: str, example: str | None) -> list[dict]:
    """What the contract says of the id in `rule`, where it has one."""
    if "<" not in rule:
        return []
    id = {
        "in": "path",
        "name": "id",
        "description": "Stable, kebab-case, never reused; the list has all of them.",
    }
    return [id | ({"example": example.rpartition("/")[2]} if example else {})]


def _limited(blueprint: Resource, view: Callable, policy: str | None) -> Callable:
    """`view` with the mark that `api.web.limits` looks for, if it has a policy."""
    if policy is None:
        return view
    documented = blueprint.alt_response(429, "TooManyRequests")(view)
    documented = blueprint.doc(security=[{}, {"ApiKey": []}])(documented)
    documented.limited = policy
    return documented


BROKEN = ((500, "InternalError"), (503, "Unavailable"))
"""What any operation may come to."""

BODY_FAILURES = (
    (400, "BadRequest"),
    (406, "NotAcceptable"),
    (408, "RequestTimeout"),
    (413, "ContentTooLarge"),
    (415, "UnsupportedMediaType"),
    (422, "InvalidRequest"),
    *BROKEN,
)


def references(headers: tuple[str, ...]) -> dict:
    """These headers as they are described among the components of the contract."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in headers}


def _failures(rule: str, speaks: bool) -> list[tuple[int, str]]:
    """The named answers beside 200 of a reading operation."""
    unchanged = "NotModified" if speaks else "DataNotModified"
    named = [(304, unchanged), (406, "NotAcceptable"), (422, "InvalidRequest")]
    if "<" in rule:
        named += [(404, "NotFound"), (410, "Gone")]
    return [*named, *BROKEN]


def wanted(arguments: dict) -> dict[str, str]:
    """The filters among parsed query arguments."""
    paging = {"lang", "page", "page_size", "q"}
    return {key: value for key, value in arguments.items() if key not in paging}
