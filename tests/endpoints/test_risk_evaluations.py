"""POST /v1/risk-evaluations: what answers amount to, and what is no answer."""

import io
import json
import re
from urllib.parse import urlsplit

import pytest

from api.config import CONTENT
from api.web.bodies import LARGEST_BODY
from tests.test_contract import problems
from tests.web.test_cors import ORIGIN, names

PATH = "/v1/risk-evaluations"
LANGUAGES = ["en", "ru"]
VIGNETTES = sorted(path.stem for path in (CONTENT / "vignettes").glob("*.yaml"))

CLOT = {"swelling": "one_calf", "constant_one_leg_pain": "yes"}
EMERGENCY = {"chest_or_upper_back_pain": "yes", **CLOT}
PRESUMED = {"new_leg_or_foot_weakness": "yes"}
CONTRADICTION = {"ecq_pain_walking": "no", "ecq_level": "yes", "warm": "unknown"}
CASES = [{}, CLOT, EMERGENCY, PRESUMED, CONTRADICTION]
"""Together they fill every list of an answer but the tips and protocols to offer."""

WORDS = {
    *("title", "summary", "text", "why", "label", "unit_label", "stem", "who_knows"),
    *("action", "message", "reading", "cautions", "note", "route_label"),
    *("safety_net", "disclaimer", "language"),
}
"""The keys that may differ between languages."""


@pytest.fixture(scope="module")
def harmless(app):
    """A whole interview with nothing wrong in it."""
    return dict(app.extensions["evaluator"].questionnaire.filled({}))


def post(client, answers, language="en"):
    return client.post(f"{PATH}?lang={language}", json={"answers": answers})


def evaluate(client, answers, language="en") -> dict:
    """The evaluation of `answers`, as the contract has it."""
    answer = post(client, answers, language)
    assert answer.status_code == 200, answer.text
    assert problems(answer.get_json(), "evaluateRisk") == []
    return answer.get_json()


def ids(items) -> list[str]:
    return [item["id"] for item in items]


def without_words(data):
    if isinstance(data, list):
        return [without_words(part) for part in data]
    if not isinstance(data, dict):
        return data
    return {k: without_words(v) for k, v in data.items() if k not in WORDS}


def test_an_answer_has_the_keys_that_clients_know(client):
    found = evaluate(client, {**CLOT, "warm": "unknown"})
    assert set(found) == {
        *("urgency", "flags", "open_flags", "next_questions", "unresolved", "scores"),
        *("warnings", "relief_protocols", "prevention_tips", "safety_net"),
        *("disclaimer", "ruleset_version", "language"),
    }
    assert set(found["urgency"]) == {
        *("level", "title", "summary", "act_within", "route", "route_label"),
        *("could_reach", "settled"),
    }
    flag = {"id", "title", "urgency", "presumed", "action", "because", "links"}
    assert set(found["flags"][0]) == flag
    assert set(found["open_flags"][0]) == {"id", "urgency", "needs"}
    assert set(found["unresolved"][0]) == {"id", "text", "who_knows", "could_reach"}
    assert set(found["relief_protocols"]) == {"suitable", "withheld"}
    assert set(found["relief_protocols"]["withheld"][0]) == {"id", "because"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answers", CASES)
def test_an_answer_is_as_described(client, library, answers, language):
    found = evaluate(client, answers, language)
    assert found["language"] == language
    assert found["ruleset_version"] == library.release.ruleset_version
    assert found["disclaimer"] == library.catalogue(language).service.disclaimer
    levels = {level.id: level for level in library.catalogue(language).rules.levels}
    assert found["safety_net"] == levels[found["urgency"]["level"]].safety_net


def test_the_cases_fill_every_list(client):
    found = [evaluate(client, answers) for answers in CASES]
    for key in ("flags", "open_flags", "next_questions", "unresolved", "warnings"):
        assert any(case[key] for case in found), key
    assert any(flag["presumed"] for case in found for flag in case["flags"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_next_questions_are_those_of_the_questionnaire(client, language):
    groups = client.get(f"/v1/risk-questions?lang={language}").get_json()["groups"]
    asked = {q["id"]: (group, q) for group in groups for q in group["questions"]}
    found = evaluate(client, CLOT, language)["next_questions"]
    assert found
    for question in found:
        group, whole = asked[question["id"]]
        assert question.pop("could_reach") in ("emergency", "same_day")
        assert question == {**whole, "group": group["id"], "stem": group["stem"]}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id", VIGNETTES)
def test_a_vignette_comes_to_what_it_expects(client, app, library, id, language):
    vignette = library.catalogue(language).vignettes[id]
    expected = vignette.expected
    questionnaire = app.extensions["evaluator"].questionnaire
    found = evaluate(client, dict(questionnaire.completed(vignette)), language)
    assert found["urgency"]["level"] == expected.level
    assert set(ids(found["flags"])) == set(expected.flags)
    assert found["urgency"]["settled"] == expected.settled
    assert found["urgency"]["could_reach"] == (expected.could_reach or expected.level)
    assert set(expected.unresolved) <= set(ids(found["unresolved"]))
    if expected.wells_points:
        (wells,) = [score for score in found["scores"] if score["id"] == "wells-dvt"]
        assert (wells["min"], wells["max"]) == expected.wells_points


def test_there_are_vignettes_at_every_level(library):
    levels = {v.expected.level for v in library.catalogue("en").vignettes.values()}
    assert len(VIGNETTES) > 20
    assert len(levels) == 4


@pytest.mark.parametrize("answers", CASES)
def test_languages_differ_in_words_only(client, answers):
    english, russian = (evaluate(client, answers, tag) for tag in LANGUAGES)
    assert without_words(english) == without_words(russian)
    for key in ("title", "summary", "route_label"):
        assert re.search("[а-я]", russian["urgency"][key])
        assert not re.search("[а-я]", english["urgency"][key])


@pytest.mark.parametrize("answers", [CLOT, EMERGENCY, PRESUMED, CONTRADICTION])
def test_the_same_answers_get_the_same_bytes_in_any_order(client, harmless, answers):
    whole = {**harmless, **answers}
    for given in (answers, whole):
        backwards = dict(reversed(given.items()))
        first, again, other = (
            post(client, asked).data for asked in (given, given, backwards)
        )
        assert first == again == other


def test_accept_language_is_followed_and_lang_comes_first(client):
    headers = {"Accept-Language": "ru"}
    by_header = client.post(PATH, json={"answers": CLOT}, headers=headers)
    by_query = client.post(f"{PATH}?lang=en", json={"answers": CLOT}, headers=headers)
    assert by_header.headers["Content-Language"] == "ru"
    assert by_header.data == post(client, CLOT, "ru").data
    assert by_query.headers["Content-Language"] == "en"


def test_an_emergency_offers_nothing(client, library):
    found = evaluate(client, EMERGENCY)
    assert found["urgency"]["level"] == "emergency"
    assert found["urgency"]["act_within"] == "PT0S"
    assert found["urgency"]["route"] == "ambulance"
    assert found["relief_protocols"]["suitable"] == found["prevention_tips"] == []
    withheld = found["relief_protocols"]["withheld"]
    assert set(ids(withheld)) == set(library.catalogue("en").relief_protocols)
    assert all(item["because"] for item in withheld)


@pytest.mark.parametrize("answers", [CLOT, {}], ids=["raised", "open"])
def test_a_possible_clot_withholds_massage_and_heat(client, library, answers):
    offered = evaluate(client, answers)["relief_protocols"]
    protocols = library.catalogue("en").relief_protocols
    because = {item["id"]: item["because"] for item in offered["withheld"]}
    risky = {
        id
        for id, protocol in protocols.items()
        if {"massage", "heat", "hot-water-bottle"} & set(protocol.actions)
    }
    assert {"calf-massage", "warm-compress"} <= risky
    for id in risky:
        assert "suspected-dvt" in because[id]
    assert set(offered["suitable"]) | set(because) == set(protocols)
    assert not set(offered["suitable"]) & set(because)


def test_nothing_wrong_is_self_care_with_something_to_do(client, harmless):
    found = evaluate(client, harmless)
    assert found["urgency"]["level"] == found["urgency"]["could_reach"] == "self_care"
    assert found["urgency"]["settled"] is True
    assert "act_within" not in found["urgency"]
    assert "calf-massage" in found["relief_protocols"]["suitable"]
    assert found["prevention_tips"]
    assert found["open_flags"] == found["next_questions"] == []


def test_nothing_asked_is_undetermined_and_asks(client):
    urgency, questions = (
        evaluate(client, {})[k] for k in ("urgency", "next_questions")
    )
    assert (urgency["level"], urgency["could_reach"]) == ("undetermined", "emergency")
    assert urgency["settled"] is False
    assert questions


def test_a_missing_answer_is_never_an_error_nor_reassuring(client, harmless):
    """Whichever one answer is missing."""
    for id in harmless:
        rest = {other: v for other, v in harmless.items() if other != id}
        assert post(client, rest).status_code == 200, id
    without_gate = {k: v for k, v in harmless.items() if k != "breathless_severe"}
    assert evaluate(client, without_gate)["urgency"]["level"] == "undetermined"


def test_unknown_gates_keep_the_level_up(client, harmless):
    found = evaluate(client, {**harmless, "breathless_severe": "unknown"})
    assert found["urgency"]["level"] not in ("self_care", "undetermined")
    assert found["urgency"]["settled"] is False
    assert found["urgency"]["could_reach"] == "emergency"
    assert ids(found["unresolved"]) == ["breathless_severe"]
    assert "chest-emergency" in ids(found["open_flags"])


def test_unknown_is_never_a_no(client, library, harmless):
    """A flag that some answer would raise is raised or open while that is unknown."""

    def flags(*kinds: str, **answer) -> set[str]:
        found = post(client, {**harmless, **answer}).get_json()
        return {id for kind in kinds for id in ids(found[kind])}

    tried = 0
    for question in library.catalogue("en").rules.questions:
        choices = [choice.value for choice in question.choices] or ["yes"]
        for answer in choices if question.type != "number" else []:
            possible = flags("flags", **{question.id: answer})
            kept = flags("flags", "open_flags", **{question.id: "unknown"})
            assert possible - {"benign-night-cramps"} <= kept, (question.id, answer)
            tried += 1
    assert tried > 100


def test_every_question_takes_unknown(client, harmless):
    found = evaluate(client, dict.fromkeys(harmless, "unknown"))
    assert set(ids(found["unresolved"])) == set(harmless)
    assert found["urgency"]["level"] not in ("self_care", "undetermined")


def test_a_presumed_reason_says_so_and_has_no_invented_answer(client):
    flags = {flag["id"]: flag for flag in evaluate(client, PRESUMED)["flags"]}
    flag = flags["new-neuro-deficit"]
    assert flag["presumed"] is True
    known = {"question": "new_leg_or_foot_weakness", "presumed": False, "answer": "yes"}
    assert known in flag["because"]
    assert {"question": "onset", "presumed": True} in flag["because"]


def test_a_contradiction_is_told(client):
    (warning,) = evaluate(client, CONTRADICTION)["warnings"]
    assert warning["id"] == "ecq-contradiction"
    assert warning["message"]


def nested(depth: int) -> str:
    return '{"answers":' * depth + "0" + "}" * depth


def answering(text: str) -> str:
    """A body with `text` for its answers."""
    return f'{{"answers": {text}}}'


MANY = json.dumps({f"question_{number}": "yes" for number in range(200)})

REFUSED = {
    "unknown question": (answering('{"no_such": "yes"}'), "/answers/no_such"),
    "pointer is escaped": (answering('{"a/b~c": "yes"}'), "/answers/a~1b~0c"),
    "true": (answering('{"warm": true}'), "/answers/warm"),
    "null": (answering('{"warm": null}'), "/answers/warm"),
    "a list": (answering('{"warm": ["yes"]}'), "/answers/warm"),
    "an object": (answering('{"warm": {"is": "yes"}}'), "/answers/warm"),
    "capitals": (answering('{"warm": "Yes"}'), "/answers/warm"),
    "empty text": (answering('{"warm": ""}'), "/answers/warm"),
    "not a choice": (answering('{"swelling": "yes"}'), "/answers/swelling"),
    "a label": (answering('{"swelling": "One calf"}'), "/answers/swelling"),
    "too much": (answering('{"age_years": 120.5}'), "/answers/age_years"),
    "too little": (answering('{"age_years": -1}'), "/answers/age_years"),
    "number as text": (answering('{"age_years": "61"}'), "/answers/age_years"),
    "true for 1": (answering('{"age_years": true}'), "/answers/age_years"),
    "NaN": (answering('{"age_years": NaN}'), "/answers/age_years"),
    "Infinity": (answering('{"age_years": Infinity}'), "/answers/age_years"),
    "-Infinity": (answering('{"age_years": -Infinity}'), "/answers/age_years"),
    "1e999": (answering('{"age_years": 1e999}'), "/answers/age_years"),
    "question twice": (answering('{"warm": "no", "warm": "yes"}'), "/answers/warm"),
    "same answer twice": (answering('{"warm": "no", "warm": "no"}'), "/answers/warm"),
    "answers twice": ('{"answers": {"warm": "yes"}, "answers": {}}', "/answers"),
    "deep": (nested(4000), ""),
    "deep lists": ("[" * 60_000, ""),
    "deep answer": (answering('{"warm": ' + nested(300) + "}"), "/answers/warm"),
    "no object": ("[]", ""),
    "JSON null": ("null", ""),
    "text": ('"answers"', ""),
    "no answers": ("{}", "/answers"),
    "answers null": (answering("null"), "/answers"),
    "answers a list": (answering("[]"), "/answers"),
    "extra key": ('{"answers": {}, "person": 1}', "/person"),
    "too many keys": (answering(MANY), "/answers"),
}
"""Bodies that are JSON and no answers, and where the contract is broken."""

LARGE = answering("{}") + " " * LARGEST_BODY
JSON = "application/json"

UNREADABLE = {
    "not JSON": (PATH, "{", JSON, 400),
    "empty": (PATH, "", JSON, 400),
    "two values": (PATH, '{"answers": {}} {}', JSON, 400),
    "not UTF-8": (PATH, b'{"answers": {"\xff": "yes"}}', JSON, 400),
    "UTF-16": (PATH, answering("{}").encode("utf-16"), JSON, 400),
    "too large": (PATH, LARGE, JSON, 413),
    "too large and no JSON": (PATH, "{" * (LARGEST_BODY + 1), JSON, 413),
    "text": (PATH, answering("{}"), "text/plain", 415),
    "form": (PATH, "answers=", "application/x-www-form-urlencoded", 415),
    "other JSON": (PATH, answering("{}"), "application/merge-patch+json", 415),
    "no media type": (PATH, answering("{}"), None, 415),
    "no such language": (f"{PATH}?lang=xx", answering("{}"), JSON, 406),
}


def refused(client, path, body, media_type, language) -> tuple[int, dict]:
    """The status and the problem, which is as described and in that language."""
    headers = {"Accept-Language": language}
    answer = client.post(path, data=body, content_type=media_type, headers=headers)
    problem = answer.get_json()
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Content-Language"] == language
    assert answer.headers["Cache-Control"] == "no-store"
    assert problem["status"] == answer.status_code
    assert problem["instance"] == urlsplit(path).path
    assert problems(problem, "evaluateRisk", answer.status_code) == []
    details = [error["detail"] for error in problem.get("errors", [])]
    for detail in (problem["title"], problem["detail"], *details):
        assert bool(re.search("[а-я]", detail)) == (language == "ru")
    return answer.status_code, problem


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_answer_is_refused_with_its_place(client, name, language):
    body, pointer = REFUSED[name]
    status, problem = refused(client, PATH, body, JSON, language)
    assert status == 422
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_refused(client, name, language):
    *request, expected = UNREADABLE[name]
    status, problem = refused(client, *request, language)
    assert status == expected
    assert "errors" not in problem


@pytest.mark.parametrize(
    ("query", "pointer"),
    [("x=1", "/x"), ("lang=en&lang=en", "/lang"), ("warm=yes", "/warm")],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_parameter_is_refused(client, query, pointer, language):
    path = f"{PATH}?{query.replace('en', language)}"
    status, problem = refused(client, path, answering("{}"), JSON, language)
    assert status == 422
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_all_that_is_wrong_is_told_at_once(client):
    body = answering('{"warm": 1, "no_such": "yes", "age_years": 121, "statin": "no"}')
    _, problem = refused(client, PATH, body, JSON, "en")
    told = {error["pointer"]: error["detail"] for error in problem["errors"]}
    assert list(told) == ["/answers/warm", "/answers/no_such", "/answers/age_years"]
    assert "yes, no, unknown" in told["/answers/warm"]
    assert "from 0 to 120" in told["/answers/age_years"]


@pytest.mark.parametrize("value", [0, 120, 61.5, "unknown"])
def test_a_number_may_be_anything_within_its_bounds(client, value):
    assert post(client, {"age_years": value}).status_code == 200


def test_a_body_may_be_as_large_as_is_said(client):
    body = answering("{}").ljust(LARGEST_BODY)
    answer = client.post(PATH, data=body, content_type="application/json")
    assert answer.status_code == 200


def test_a_body_may_come_in_chunks(client):
    answer = client.post(
        PATH,
        input_stream=io.BytesIO(json.dumps({"answers": CLOT}).encode()),
        content_type="application/json; charset=utf-8",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.data == post(client, CLOT).data


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def test_only_post_is_possible(client, method):
    answer = client.open(PATH, method=method)
    assert answer.status_code == 405
    assert set(answer.allow) == {"POST", "OPTIONS"}
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("answers", [CLOT, {"no_such": "yes"}], ids=["200", "422"])
def test_an_answer_is_kept_nowhere(client, answers):
    headers = post(client, answers).headers
    assert headers["Cache-Control"] == "no-store"
    assert not {"ETag", "Last-Modified", "Set-Cookie"} & set(headers.keys())
    assert "Accept-Language" in names(headers["Vary"])


def test_an_answer_is_never_not_modified(client):
    headers = {
        "If-None-Match": "*",
        "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT",
    }
    answer = client.post(PATH, json={"answers": CLOT}, headers=headers)
    assert answer.data == post(client, CLOT).data


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (answering("{}"), "application/json", 200),
        ("{", "application/json", 400),
        (LARGE, "application/json", 413),
        (answering("{}"), "text/plain", 415),
        (answering('{"warm": 1}'), "application/json", 422),
    ],
)
def test_a_page_of_any_origin_may_read_the_answer(client, body, media_type, status):
    answer = client.post(PATH, data=body, content_type=media_type, headers=ORIGIN)
    assert answer.status_code == status
    assert answer.headers.getlist("Access-Control-Allow-Origin") == ["*"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_page_of_any_origin_may_send_json(client):
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, accept-language",
    }
    answer = client.options(PATH, headers={**ORIGIN, **asked})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in names(answer.headers["Access-Control-Allow-Methods"])
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    assert {"content-type", "accept-language"} <= names(allowed)


def test_a_chunked_body_that_is_too_large_is_refused_not_cut(client):
    answer = client.post(
        PATH,
        input_stream=io.BytesIO(b'{"answers": {}}' + b" " * 70_000 + b"garbage"),
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "body", [r'{"answers": {"\ud800": 1}}', r'{"answers": {"warm": "\ud800"}}']
)
def test_half_a_character_is_no_text(client, body):
    assert (
        client.post(PATH, data=body, content_type="application/json").status_code == 400
    )


@pytest.mark.parametrize("key", ["", "_schema", "a~b", "~1"])
def test_a_pointer_leads_to_any_key(client, key):
    answer = client.post(PATH, json={"answers": {key: 1}})
    (error,) = answer.get_json()["errors"]
    escaped = key.replace("~", "~0").replace("/", "~1")
    assert error["pointer"] == f"/answers/{escaped}"
