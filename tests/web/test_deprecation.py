"""What is going to go says so in headers, contract and words; then it answers 410."""

from datetime import UTC, date, datetime, timedelta

import pytest
from openapi_spec_validator import validate
from werkzeug.exceptions import TooManyRequests
from werkzeug.http import parse_date

from api.app import create_app
from api.config import Config
from api.domain.library import find
from api.web.current import catalogue
from api.web.deprecation import deprecated
from api.web.openapi import describe
from api.web.operations import Resource, reads, writes
from schemas.causes import CauseResponse
from schemas.risk_evaluations import RiskEvaluationRequest

SINCE, SUNSET = date(2026, 12, 1), date(2027, 12, 31)
LAST_MOMENT = datetime(2027, 12, 30, 23, 59, 59, tzinfo=UTC)
NOTICE = "http://127.0.0.1:8000/docs/changes"
DEPRECATION = "@1796083200"  # 2026-12-01T00:00:00Z
SUNSET_DATE = "Fri, 31 Dec 2027 00:00:00 GMT"
OLD, AGEING, CURRENT = "/v1/old/alcohol", "/v1/ageing/alcohol", "/v1/causes/alcohol"


def old_operations() -> Resource:
    """One with a sunset, to read and to write; one that is deprecated without."""
    blueprint = Resource("Old", "old", url_prefix="/v1", description="What was.")

    @reads(blueprint, "/old/<string:id>", CauseResponse, operation_id="getOld")
    @deprecated(SINCE, SUNSET, "/docs/changes")
    def read_old(id):
        """Read what was

        In the old way.
        """
        if id == "busy":
            raise TooManyRequests(retry_after=7)
        return {"fails": 1 / 0} if id == "fails" else find_cause(id)

    @writes(
        blueprint,
        "/old",
        RiskEvaluationRequest,
        CauseResponse,
        operation_id="writeOld",
        example={"answers": {}},
    )
    @deprecated(SINCE, SUNSET, "/docs/changes")
    def write_old(body):
        return find_cause("alcohol")

    @reads(
        blueprint,
        "/ageing/<string:id>",
        CauseResponse,
        operation_id="getAgeing",
        example=AGEING,
    )
    @deprecated(SINCE, None, "https://example.org/notice")
    def read_ageing(id):
        return find_cause(id)

    return blueprint


def find_cause(id: str):
    return find(catalogue().causes, "causes", id)


@pytest.fixture(scope="module")
def deprecating(library):
    """The app with old operations, which the edition takes for published."""
    app = create_app(library, Config())
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.extensions["flask-smorest"]["apis"][""]["ext_obj"].register_blueprint(
        old_operations()
    )
    for address in (OLD, AGEING):
        app.wsgi_app.published[(address, "")] = True
    return app


@pytest.fixture
def at(deprecating):
    """A client of the app at some moment."""

    def at(moment: datetime):
        deprecating.extensions["clock"] = lambda: moment
        return deprecating.test_client()

    return at


def links(answer, relation: str) -> list[str]:
    return [
        link for link in answer.headers.getlist("Link") if f'rel="{relation}"' in link
    ]


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("GET", OLD, {}, 200),
        ("HEAD", OLD, {}, 200),
        ("GET", OLD, {"headers": {"If-None-Match": "*"}}, 304),
        ("GET", "/v1/old/no-such", {}, 404),
        ("GET", f"{OLD}?lang=xx", {}, 406),
        ("GET", f"{OLD}?colour=red", {}, 422),
        ("GET", "/v1/old/busy", {}, 429),
        ("GET", "/v1/old/fails", {}, 500),
        ("POST", "/v1/old", {"json": {"answers": {}}}, 200),
        ("POST", "/v1/old", {"data": "{", "content_type": "application/json"}, 400),
        ("POST", "/v1/old", {"data": "", "content_type": "text/plain"}, 415),
        ("POST", "/v1/old", {"json": {}}, 422),
    ],
)
def test_every_answer_says_since_when_and_until_when(at, method, path, more, status):
    answer = at(LAST_MOMENT).open(path, method=method, **more)
    assert answer.status_code == status
    assert answer.headers.getlist("Deprecation") == [DEPRECATION]
    assert answer.headers.getlist("Sunset") == [SUNSET_DATE]
    assert links(answer, "deprecation") == [f'<{NOTICE}>; rel="deprecation"']
    assert links(answer, "sunset") == [f'<{NOTICE}>; rel="sunset"']


def test_the_headers_are_the_days_that_were_given():
    assert datetime.fromtimestamp(int(DEPRECATION[1:]), UTC).date() == SINCE
    assert parse_date(SUNSET_DATE).date() == SUNSET


def test_without_a_sunset_there_is_none(at):
    answer = at(datetime(2099, 1, 1, tzinfo=UTC)).get(AGEING)
    assert answer.status_code == 200
    assert answer.headers["Deprecation"] == DEPRECATION
    assert "Sunset" not in answer.headers
    assert links(answer, "sunset") == []
    (link,) = links(answer, "deprecation")
    assert link == '<https://example.org/notice>; rel="deprecation"'


@pytest.mark.parametrize("path", [CURRENT, "/v1/causes/no-such", "/nowhere", "/docs"])
def test_what_stays_says_nothing(at, path):
    answer = at(LAST_MOMENT).get(path)
    assert not {"Deprecation", "Sunset"} & set(answer.headers.keys())
    assert links(answer, "deprecation") == links(answer, "sunset") == []


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(("method", "path"), [("GET", OLD), ("POST", "/v1/old")])
def test_from_the_day_of_its_sunset_on_it_is_gone(at, library, method, path, language):
    for moment in (
        LAST_MOMENT + timedelta(seconds=1),
        datetime(2050, 1, 1, tzinfo=UTC),
    ):
        answer = at(moment).open(
            path, method=method, headers={"Accept-Language": language}
        )
        problem = answer.get_json()
        known = library.catalogue(language).messages.problems["retired"]
        assert answer.status_code == problem["status"] == 410
        assert answer.content_type == "application/problem+json"
        assert problem["type"] == f"{library.public_url}/problems/retired"
        assert problem["title"] == known.title
        assert NOTICE in problem["detail"]
        assert "2027-12-31" in problem["detail"]
        assert answer.headers["Content-Language"] == language
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Sunset"] == SUNSET_DATE
        assert links(answer, "sunset") == [f'<{NOTICE}>; rel="sunset"']


@pytest.mark.parametrize("moment", [LAST_MOMENT, datetime(2050, 1, 1, tzinfo=UTC)])
def test_a_browser_may_ask_and_read_it(at, moment):
    """A preflight that failed would hide the 410 from the page."""
    origin = {"Origin": "https://app.example.org"}
    asked = {**origin, "Access-Control-Request-Method": "GET"}
    assert at(moment).options(OLD, headers=asked).status_code == 200
    answer = at(moment).get(OLD, headers=origin)
    exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"Deprecation", "Sunset", "Link"} <= set(exposed)


def test_the_edition_keeps_nothing_beyond_its_sunset(at, deprecating):
    edition = deprecating.wsgi_app
    early, late = (
        at(LAST_MOMENT).get(OLD),
        at(datetime(2050, 1, 1, tzinfo=UTC)).get(OLD),
    )
    assert (early.status_code, late.status_code) == (200, 410)
    assert not [key for key in edition.kept if key[0] == OLD]


def test_the_edition_keeps_what_has_no_sunset(at, deprecating):
    first, again = (at(LAST_MOMENT).get(AGEING) for _ in range(2))
    assert [key for key in deprecating.wsgi_app.kept if key[0] == AGEING]
    assert first.headers["Deprecation"] == again.headers["Deprecation"] == DEPRECATION
    tag = {"If-None-Match": again.headers["ETag"]}
    unchanged = at(LAST_MOMENT).get(AGEING, headers=tag)
    assert unchanged.status_code == 304
    assert unchanged.headers["Deprecation"] == DEPRECATION


@pytest.fixture(scope="module")
def contract(deprecating):
    return describe(deprecating)


def test_the_contract_is_valid_and_has_no_marks(contract):
    validate(contract)
    assert "x-deprecation" not in str(contract)


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        ("/v1/old/{id}", "get", "200 304 404 406 410 422 500 503"),
        ("/v1/old", "post", "200 400 406 408 410 413 415 422 500 503"),
    ],
)
def test_the_contract_says_what_every_answer_says(contract, path, method, statuses):
    operation = contract["paths"][path][method]
    assert operation["deprecated"] is True
    assert operation["description"].endswith(
        f"Deprecated since 2026-12-01 and answers 410 from 2027-12-31 on: see {NOTICE}"
    )
    assert list(operation["responses"]) == statuses.split()
    for answer in operation["responses"].values():
        assert answer["description"]
        assert {"Deprecation", "Sunset"} <= set(answer["headers"])


def test_what_was_in_the_contract_stays_beside_it(contract):
    operation = contract["paths"]["/v1/old/{id}"]["get"]
    assert operation["description"].startswith("In the old way.\n\nDeprecated")
    missing = operation["responses"]["404"]
    shared = contract["components"]["responses"]["NotFound"]
    assert missing["content"] == shared["content"]
    assert set(missing["headers"]) == {*shared["headers"], "Deprecation", "Sunset"}
    assert "Sunset" not in shared["headers"]


def test_the_contract_without_a_sunset(contract):
    operation = contract["paths"]["/v1/ageing/{id}"]["get"]
    assert operation["description"] == (
        "Deprecated since 2026-12-01: see https://example.org/notice"
    )
    assert operation["responses"]["200"]["content"]["application/json"]["example"]
    for answer in operation["responses"].values():
        assert "Deprecation" in answer["headers"]
        assert "Sunset" not in answer["headers"]


def test_nothing_else_in_the_contract_is_deprecated(contract):
    rest = [
        operation
        for path, item in contract["paths"].items()
        for operation in item.values()
        if isinstance(operation, dict) and "/old" not in path and "/ageing" not in path
    ]
    assert len(rest) > 15
    assert not [o for o in rest if "deprecated" in o or "Sunset" in str(o)]


def test_the_contract_does_not_change_at_the_sunset(deprecating, contract):
    deprecating.extensions["clock"] = lambda: datetime(2050, 1, 1, tzinfo=UTC)
    assert describe(deprecating) == contract


@pytest.mark.parametrize("sunset", [SINCE, date(2027, 11, 30), date(2020, 1, 1)])
def test_a_sunset_comes_a_year_after_its_notice(sunset):
    with pytest.raises(ValueError, match="365 days"):
        deprecated(SINCE, sunset, NOTICE)
    assert deprecated(SINCE, date(2027, 12, 1), NOTICE)


def test_it_stands_below_what_publishes_the_view():
    blueprint = Resource("Old", "old")

    @reads(blueprint, "/old", CauseResponse, operation_id="getOld")
    def read_old():
        return find_cause("alcohol")

    with pytest.raises(TypeError, match="below @reads"):
        deprecated(SINCE, SUNSET, NOTICE)(read_old)
