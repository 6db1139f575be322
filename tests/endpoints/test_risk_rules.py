"""What /v1/risk-questions and /v1/risk-rules say, and that they agree."""

import pytest

from tests.endpoints.lists import everything


@pytest.fixture(params=["en", "ru"])
def language(request):
    return request.param


@pytest.fixture
def questionnaire(client, language):
    return client.get(f"/v1/risk-questions?lang={language}").get_json()


@pytest.fixture
def rules(client, language):
    return client.get(f"/v1/risk-rules?lang={language}").get_json()


def questions(groups):
    return [question for group in groups for question in group["questions"]]


def named(data, key: str) -> set[str]:
    """The values of `key` anywhere in `data`."""
    if isinstance(data, list):
        return set().union(*(named(part, key) for part in data))
    if not isinstance(data, dict):
        return set()
    own = {data[key]} if isinstance(data.get(key), str) else set()
    return own.union(*(named(part, key) for part in data.values()))


def test_the_rules_ask_the_questions_of_the_questionnaire(questionnaire, rules):
    assert rules["groups"] == questionnaire["groups"]
    assert rules["ruleset_version"] == questionnaire["ruleset_version"]
    assert rules["language"] == questionnaire["language"]


def test_the_rules_have_the_release_and_the_language(rules, library, language):
    assert rules["ruleset_version"] == library.release.ruleset_version
    assert rules["language"] == language


def test_the_rules_raise_the_flags_of_the_list(rules, client, language):
    flags = everything(client, "/v1/risk-flags", lang=language)
    keys = rules["flags"][0].keys() - {"when", "act_within_hours"}
    assert [{key: flag[key] for key in keys} for flag in flags] == [
        {key: rule[key] for key in keys} for rule in rules["flags"]
    ]
    assert [flag.get("when") for flag in flags] == [
        rule.get("when") for rule in rules["flags"]
    ]


def test_groups_are_in_asking_order_and_danger_comes_first(questionnaire):
    orders = [group["order"] for group in questionnaire["groups"]]
    stages = [group["stage"] for group in questionnaire["groups"]]
    assert orders == sorted(set(orders))
    assert stages[0] == 1
    assert set(stages) <= {1, 2, 3, 4}


def test_every_question_can_be_asked(questionnaire):
    asked = questions(questionnaire["groups"])
    assert len({question["id"] for question in asked}) == len(asked) > 100
    for question in asked:
        assert question["text"]
        assert question["why"]
        assert question["type"] in ("yes_no", "choice", "number")
        assert bool(question["choices"]) == (question["type"] == "choice")
        assert ("unit" in question) == (question["type"] == "number")


def test_the_harmless_answer_is_a_possible_one(questionnaire):
    for question in questions(questionnaire["groups"]):
        negative = question["negative"]
        if question["type"] == "choice":
            assert negative in [choice["value"] for choice in question["choices"]]
        elif question["type"] == "number":
            assert question["minimum"] <= negative <= question["maximum"]
        else:
            assert negative == "no"


def test_conditions_name_questions_and_facts_that_are_there(rules):
    asked = {question["id"] for question in questions(rules["groups"])}
    assert len(named(rules, "question")) > 20
    assert named(rules, "question") <= asked
    assert named(rules, "fact") <= {fact["id"] for fact in rules["facts"]}


def test_levels_are_ranked_and_say_when_to_get_help(rules):
    ranks = {level["id"]: level.get("rank") for level in rules["levels"]}
    assert ranks == {
        "emergency": 3,
        "same_day": 2,
        "see_doctor_soon": 1,
        "self_care": 0,
        "undetermined": None,
    }
    assert all(level["safety_net"] for level in rules["levels"])


def test_every_flag_goes_a_route_and_withholds_actions_that_are_there(rules):
    routes = {route["id"] for route in rules["routes"]}
    actions = {action["id"] for action in rules["self_care"]["actions"]}
    for flag in rules["flags"]:
        assert flag["route"] in routes
        assert set(sum(flag["withhold"].values(), [])) <= actions


def test_the_wells_score_has_the_nine_points_that_need_no_clinician(rules):
    (wells,) = [score for score in rules["scores"] if score["id"] == "wells-dvt"]
    points = [item["points"] for item in wells["items"]]
    assert points == [1] * 9
    assert wells["cautions"]


def test_the_rules_carry_the_disclaimer_and_the_state_of_review(rules, client):
    service = client.get(f"/v1?lang={rules['language']}").get_json()
    assert rules["disclaimer"] == service["disclaimer"]
    assert rules["clinical_review"] == service["clinical_review"]


def test_the_links_answer(rules, questionnaire, client):
    for address in {*rules["links"].values(), *questionnaire["links"].values()}:
        assert client.get(address).status_code == 200
    assert rules["links"]["questions"] == questionnaire["links"]["self"]
    assert rules["links"]["self"] == questionnaire["links"]["rules"]


def test_the_languages_differ_in_words_only(client):
    english, russian = (
        questions(client.get(f"/v1/risk-questions?lang={tag}").get_json()["groups"])
        for tag in ("en", "ru")
    )
    for original, translated in zip(english, russian, strict=True):
        for key in ("id", "type", "negative", "ask_if", "minimum", "maximum", "unit"):
            assert original.get(key) == translated.get(key)
        assert original["text"] != translated["text"]
