"""The checks of the contract kit: small requests, and how each must be answered.

They are about the API, so they are code and not content. What they name of the content
(ids, totals, levels) is read from the library, so that they hold for any release. Every
operation of the contract is asked by one of them; a new operation wants one more.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from api.domain.answers import NOT_KNOWN
from api.domain.evaluation import Evaluator
from api.domain.items import KINDS
from api.domain.library import Catalogue, Library, pages_of
from api.domain.outcome import Evaluation
from api.web.caching import NOTHING
from api.web.expectations import (
    JSON,
    PROBLEM,
    Check,
    Expectation,
    Expected,
    Request,
    absent,
    equals,
    header,
    header_like,
    matches,
    of_type,
    problem,
    shape,
)
from schemas.bundle import BUNDLED
from schemas.listing import PAGE_SIZE
from schemas.relief_protocols import StepResponse
from schemas.risk_evaluations import RiskEvaluationResponse

LIST = "/v1/causes"
"""Where it does not matter which list is asked for."""

EVALUATIONS = "/v1/risk-evaluations"
NOBODY = "no-such-thing"

EVALUATION, FILTER, SEARCH = "evaluation", "filter", "search"
"""What a static mirror cannot do, and some checks need."""

CONTENT_VERSION, RULESET_VERSION = "content_version", "ruleset_version"
"""What some checks are bound to: they hold while the version is that of the kit."""

EVALUATED: Mapping[str, Mapping[str, Any]] = {
    "nothing-asked": {},
    "swollen-calf": {"swelling": "one_calf", "constant_one_leg_pain": "yes"},
    "chest-pain": {"breathless_severe": "yes", "chest_or_upper_back_pain": "yes"},
}
"""Answers to evaluate; what they come to is not written down but evaluated."""


def checks(library: Library, evaluator: Evaluator) -> list[Check]:
    """Every check of the service over `library`."""
    content = library.catalogue(library.original)
    return [
        *DOCUMENTS,
        _links(library.public_url),
        _picture(content),
        *_lists(content, library.public_url),
        *_items(content, library.public_url),
        *SELECTIONS,
        *LANGUAGES,
        *CONDITIONS,
        *ORIGINS,
        *PROBLEMS,
        *_evaluations(evaluator),
        *_results(evaluator),
        *REFUSALS,
    ]


# Documents


def _document(id: str, purpose: str, path: str, *body: Expected) -> Check:
    expect = Expectation(body=body)
    return Check(id=id, purpose=purpose, request=Request(path=path), expect=expect)


DOCUMENTS = (
    _document(
        "service-document",
        "The service document has its versions, its languages and words for codes.",
        "/v1",
        matches("/api_version", r"^1\."),
        *of_type("string", "/content_version", "/ruleset_version", "/disclaimer"),
        *of_type("string", "/languages/0", "/vocabularies/0/terms/0/label"),
    ),
    _document(
        "questionnaire",
        "The questionnaire has questions in groups, each with its type.",
        "/v1/risk-questions",
        *of_type("string", "/ruleset_version", "/groups/0/questions/0/id"),
        matches("/groups/0/questions/0/type", "^(yes_no|choice|number)$"),
    ),
    _document(
        "rule-set",
        "The rule set has what an evaluator on a device reads.",
        "/v1/risk-rules",
        *of_type("string", "/ruleset_version", "/levels/0/id", "/flags/0/id"),
        *of_type("object", "/policies", "/groups/0/questions/0"),
    ),
    _document(
        "vectors",
        "A vector has answers, and what an evaluator must find in them.",
        "/v1/risk-rules/vectors",
        *of_type("integer", "/total"),
        *of_type("object", "/vectors/0/answers"),
        *of_type("string", "/vectors/0/id", "/vectors/0/result/urgency/level"),
    ),
    _document(
        "bundle",
        "The bundle has every list, and a digest of each item.",
        "/v1/bundle",
        matches("/manifest/0/sha256", "^[0-9a-f]{64}$"),
        *of_type("integer", "/validity/refresh_after_seconds"),
        *of_type("object", *(f"/{name}/0" for name in BUNDLED)),
    ),
    Check(
        id="change-feed",
        purpose="The changes are a JSON Feed.",
        request=Request(path="/v1/changes"),
        expect=Expectation(
            media_type="application/feed+json",
            body=(
                equals("/version", "https://jsonfeed.org/version/1.1"),
                *of_type("array", "/items"),
            ),
        ),
    ),
    Check(
        id="change-feed-atom",
        purpose="The changes are there as Atom too.",
        request=Request(path="/v1/changes.atom"),
        expect=Expectation(media_type="application/atom+xml"),
    ),
    _document(
        "contract",
        "The contract is OpenAPI 3.1, of the same major version.",
        "/v1/openapi.json",
        matches("/openapi", r"^3\.1\."),
        matches("/info/version", r"^1\."),
    ),
    _document(
        "contract-kit",
        "The kit is there for the next night.",
        "/v1/contract-kit",
        *of_type("string", "/ids/0/ids/0", "/checks/0/id", "/vectors/sample/0/id"),
    ),
    _document(
        "alive", "The process is alive.", "/health/live", equals("/status", "ok")
    ),
    _document("ready", "It can answer.", "/health/ready", equals("/status", "ok")),
    Check(
        id="evaluator",
        purpose="The evaluator for devices is a module.",
        request=Request(path="/embed/evaluator.js"),
        expect=Expectation(media_type="text/javascript"),
    ),
)


def _links(base: str) -> Check:
    return _document(
        "service-links",
        "The service document links to every list.",
        "/v1",
        *(equals(f"/links/{_key(kind)}", f"{base}/v1/{kind}") for kind in KINDS),
    )


def _picture(content: Catalogue) -> Check:
    picture = next(iter(content.illustrations))
    return Check(
        id="picture",
        purpose="A picture is an SVG.",
        request=Request(path=f"/embed/illustrations/{picture}.svg"),
        expect=Expectation(media_type="image/svg+xml"),
    )


def _key(kind: str) -> str:
    """The name of a kind where it is a key."""
    return kind.replace("-", "_")


# Lists and items


def _lists(content: Catalogue, base: str) -> Iterator[Check]:
    for kind in KINDS:
        ids = list(content.of_kind(kind))
        yield _document(
            f"{kind}-list",
            "A list is an envelope: items, total and links.",
            f"/v1/{kind}",
            *of_type("integer", "/total"),
            *of_type("string", "/items/0/id"),
            equals("/items/0/type", KINDS[kind].type),
            equals("/links/self", f"{base}/v1/{kind}?page=1"),
        )
        last = pages_of(len(ids), PAGE_SIZE)
        yield Check(
            id=f"{kind}-end",
            purpose="The last page ends with the last item, and leads to no next one.",
            request=Request(path=f"/v1/{kind}?page={last}"),
            expect=Expectation(body=(*_last_page(ids, last),)),
            bound_to=CONTENT_VERSION,
        )


def _last_page(ids: list[str], number: int) -> Iterator[Expected]:
    size = len(ids) - (number - 1) * PAGE_SIZE
    yield equals("/total", len(ids))
    yield equals(f"/items/{size - 1}/id", ids[-1])
    yield absent(f"/items/{size}")
    yield absent("/links/next")


def _items(content: Catalogue, base: str) -> Iterator[Check]:
    for kind in KINDS:
        id = next(iter(content.of_kind(kind)))
        yield _document(
            f"{kind}-item",
            "An item has every field that the contract requires.",
            f"/v1/{kind}/{id}",
            equals("/id", id),
            equals("/type", KINDS[kind].type),
            equals("/links/self", f"{base}/v1/{kind}/{id}"),
            *shape(BUNDLED[_key(kind)]),
        )
    yield _document(
        "relief-protocol-steps",
        "A step of a protocol has its seconds, and words for screen and speech.",
        f"/v1/relief-protocols/{next(iter(content.relief_protocols))}",
        *shape(StepResponse, "/steps/0"),
    )


SELECTIONS = (
    Check(
        id="filter",
        purpose="A filter keeps what has the value.",
        request=Request(path="/v1/risk-flags?urgency=emergency"),
        expect=Expectation(body=(equals("/items/0/urgency", "emergency"),)),
        needs=(FILTER,),
    ),
    Check(
        id="page-size",
        purpose="A page has as many items as were asked for.",
        request=Request(path=f"{LIST}?page=2&page_size=1"),
        expect=Expectation(
            body=(
                *of_type("object", "/items/0"),
                absent("/items/1"),
                *of_type("string", "/links/prev"),
            )
        ),
        needs=(FILTER,),
    ),
    Check(
        id="search",
        purpose="A search finds items of any kind.",
        request=Request(path="/v1/search?q=cramp"),
        expect=Expectation(
            body=(*of_type("string", "/items/0/type"), *of_type("integer", "/total"))
        ),
        needs=(SEARCH,),
    ),
)


# Languages, caches, browsers


def _language(id: str, purpose: str, path: str, accepted: str, language: str) -> Check:
    return Check(
        id=id,
        purpose=purpose,
        request=Request(path=path, headers={"Accept-Language": accepted}),
        expect=Expectation(
            headers=(
                header("Content-Language", language),
                header_like("Vary", "Accept-Language"),
                header_like("Link", 'rel="alternate"; hreflang="ru"'),
            ),
            body=(equals("/items/0/language", language),),
        ),
    )


LANGUAGES = (
    _language(
        "language-parameter",
        "?lang= is stronger than Accept-Language.",
        *(f"{LIST}?lang=ru", "en", "ru"),
    ),
    _language(
        "language-header",
        "Accept-Language gives the first of its languages that is there.",
        *(LIST, "xx, ru;q=0.5", "ru"),
    ),
    _language(
        "language-fallback",
        "A header without a language of ours gives English.",
        *(LIST, "xx", "en"),
    ),
)

VALIDATED = (
    header_like("ETag", '"[^"]+"$'),
    header_like("Last-Modified", " GMT$"),
    header_like("Cache-Control", "^public, max-age=[0-9]+"),
)
"""How long is not promised; a proxy that compresses may have weakened the tag."""

CONDITIONS = (
    Check(
        id="cache-rules",
        purpose="An answer says how long to keep it, and has its validators.",
        request=Request(path=LIST),
        expect=Expectation(headers=VALIDATED),
    ),
    Check(
        id="not-modified",
        purpose="A copy that is still right is not sent again.",
        request=Request(path=LIST, repeat_with={"If-None-Match": "ETag"}),
        expect=Expectation(status=304, media_type=None, headers=VALIDATED),
    ),
    Check(
        id="modified",
        purpose="Who has another copy gets the whole answer.",
        request=Request(path=LIST, headers={"If-None-Match": '"another"'}),
        expect=Expectation(headers=VALIDATED, body=of_type("array", "/items")),
    ),
    Check(
        id="head",
        purpose="HEAD has the headers of GET.",
        request=Request(path=LIST, method="HEAD"),
        expect=Expectation(headers=VALIDATED),
    ),
    _document(
        "trailing-slash",
        "A slash at the end is answered, not redirected.",
        f"{LIST}/",
        *of_type("array", "/items"),
    ),
)

ORIGIN = {"Origin": "https://app.example.org"}
ANYONE = header("Access-Control-Allow-Origin", "*")
READABLE = tuple(
    header_like("Access-Control-Expose-Headers", name)
    for name in ("ETag", "Link", "Retry-After", "Content-Language")
)


def _preflight(id: str, path: str, method: str, name: str) -> Check:
    asked = {
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": name,
    }
    allowed = (
        header_like("Access-Control-Allow-Methods", method),
        header_like("Access-Control-Allow-Headers", name),
    )
    return Check(
        id=id,
        purpose=f"A page of any origin may {method} with {name}.",
        request=Request(path=path, method="OPTIONS", headers={**ORIGIN, **asked}),
        expect=Expectation(media_type=None, headers=(ANYONE, *allowed)),
    )


ORIGINS = (
    Check(
        id="cors-answer",
        purpose="A page of any origin may read an answer and its headers.",
        request=Request(path=LIST, headers=ORIGIN),
        expect=Expectation(headers=(ANYONE, *READABLE)),
    ),
    Check(
        id="cors-problem",
        purpose="A page of any origin may read what went wrong.",
        request=Request(path=f"{LIST}/{NOBODY}", headers=ORIGIN),
        expect=Expectation(status=404, media_type=PROBLEM, headers=(ANYONE, *READABLE)),
    ),
    _preflight("cors-preflight-read", LIST, "GET", "If-None-Match"),
    _preflight("cors-preflight-write", EVALUATIONS, "POST", "Content-Type"),
)


# Problems

PROBLEMS = (
    Check(
        id="unknown-id",
        purpose="An id that never was is 404.",
        request=Request(path=f"{LIST}/{NOBODY}"),
        expect=problem(404, "not-found"),
    ),
    Check(
        id="unknown-address",
        purpose="An address that never was is 404, and JSON all the same.",
        request=Request(path=f"/v1/{NOBODY}"),
        expect=problem(404, "not-found"),
    ),
    Check(
        id="unknown-version",
        purpose="A version that never was is 404, and says what to take instead.",
        request=Request(path="/v1/bundle?since=1999.01.0"),
        expect=problem(404, "no-such-version", *of_type("string", "/whole")),
    ),
    Check(
        id="unknown-language",
        purpose="A language that is not there is 406.",
        request=Request(path=f"{LIST}?lang=xx"),
        expect=problem(406, "not-acceptable"),
    ),
    Check(
        id="unknown-parameter",
        purpose="A parameter that is not there is 422, never silence.",
        request=Request(path=f"{LIST}?{NOBODY}=1"),
        expect=problem(
            *(422, "invalid-request", equals("/errors/0/pointer", f"/{NOBODY}"))
        ),
    ),
    Check(
        id="wrong-value",
        purpose="A value that is not possible is 422, with a pointer to it.",
        request=Request(path=f"{LIST}?verdict={NOBODY}"),
        expect=problem(
            *(422, "invalid-request", equals("/errors/0/pointer", "/verdict"))
        ),
        needs=(FILTER,),
    ),
    Check(
        id="wrong-method",
        purpose="A method that is not possible is 405.",
        request=Request(path=LIST, method="DELETE"),
        expect=problem(405, "method-not-allowed"),
    ),
    Check(
        id="possible-methods",
        purpose="A 405 says which methods are possible.",
        request=Request(path=LIST, method="DELETE"),
        expect=Expectation(
            status=405, media_type=PROBLEM, headers=(header_like("Allow", "GET"),)
        ),
    ),
    Check(
        id="problem-language",
        purpose="A problem is told in the language that was asked for.",
        request=Request(path=f"{LIST}/{NOBODY}?lang=ru"),
        expect=Expectation(
            status=404,
            media_type=PROBLEM,
            headers=(header("Content-Language", "ru"),),
        ),
    ),
    Check(
        id="problem-page",
        purpose="The type of a problem leads to a page.",
        request=Request(path="/problems/not-found"),
        expect=Expectation(media_type="text/html"),
    ),
)


# Evaluations


def _post(body: Mapping[str, Any], media_type: str = JSON, **headers: str) -> Request:
    return Request(
        path=EVALUATIONS,
        method="POST",
        headers={"Content-Type": media_type, **headers},
        body=body,
    )


def _evaluation(id: str, purpose: str, request: Request, expect: Expectation) -> Check:
    return Check(
        id=id, purpose=purpose, request=request, expect=expect, needs=(EVALUATION,)
    )


def _evaluations(evaluator: Evaluator) -> Iterator[Check]:
    yield _evaluation(
        "evaluation",
        "An evaluation has every field that the contract requires, and is not kept.",
        _post({"answers": EVALUATED["swollen-calf"]}),
        Expectation(
            headers=(header("Cache-Control", NOTHING),),
            body=(*shape(RiskEvaluationResponse),),
        ),
    )
    yield _evaluation(
        "evaluation-language",
        "An evaluation is told in the language that was asked for.",
        _post({"answers": {}}, **{"Accept-Language": "ru"}),
        Expectation(
            headers=(header("Content-Language", "ru"),),
            body=(equals("/language", "ru"),),
        ),
    )
    yield _evaluation(
        "every-question",
        "Every question of the kit may still be answered.",
        _post({"answers": _unknown(evaluator)}),
        Expectation(),
    )


def _results(evaluator: Evaluator) -> Iterator[Check]:
    more = {
        "all-is-well": evaluator.questionnaire.filled({}),
        "nothing-is-known": _unknown(evaluator),
    }
    for id, answers in {**EVALUATED, **more}.items():
        found = evaluator.evaluate(answers)
        yield Check(
            id=f"evaluation-{id}",
            purpose=f"These answers come to {found.level} and the expected flags.",
            request=_post({"answers": answers}),
            expect=Expectation(body=(*_found(found),)),
            needs=(EVALUATION,),
            bound_to=RULESET_VERSION,
        )


def _unknown(evaluator: Evaluator) -> dict[str, Any]:
    """Every question answered with not knowing."""
    return dict.fromkeys(evaluator.questionnaire.questions, NOT_KNOWN)


def _found(evaluation: Evaluation) -> Iterator[Expected]:
    yield equals("/urgency/level", evaluation.level)
    yield equals("/urgency/could_reach", evaluation.could_reach)
    yield equals("/urgency/settled", evaluation.settled)
    for place, raised in enumerate(evaluation.flags):
        yield equals(f"/flags/{place}/id", raised.flag.id)
    yield absent(f"/flags/{len(evaluation.flags)}")


REFUSALS = (
    _evaluation(
        "wrong-media-type",
        "Answers that are not sent as JSON are 415.",
        _post({"answers": {}}, "text/plain"),
        problem(415, "unsupported-media-type"),
    ),
    _evaluation(
        "unknown-question",
        "An answer to a question that never was is 422, with a pointer to it.",
        _post({"answers": {NOBODY: "yes"}}),
        problem(
            *(422, "invalid-request"), equals("/errors/0/pointer", f"/answers/{NOBODY}")
        ),
    ),
    _evaluation(
        "missing-answers",
        "A body without answers is 422, with a pointer to them.",
        _post({}),
        problem(422, "invalid-request", equals("/errors/0/pointer", "/answers")),
    ),
)
