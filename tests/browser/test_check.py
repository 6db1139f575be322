"""<nightcramp-check> in a page of another origin: every level, nothing leaves it."""

import json

import pytest
from playwright.sync_api import expect

from api.config import CONTENT
from tests.browser.accessibility import violations
from tests.browser.conftest import SMALL

VIGNETTES = sorted(path.stem for path in (CONTENT / "vignettes").glob("*.yaml"))
CHECK = "<nightcramp-check></nightcramp-check>"
ALL_SHARED = "<nightcramp-check share-flags></nightcramp-check>"
EMERGENCY = {"breathless_severe": "yes"}
LEVELS = {
    "emergency": EMERGENCY,
    "same_day": {"longest_cramp_minutes": 25},
    "see_doctor_soon": {"sleep_or_day_affected": "yes", "age_years": 68},
    "self_care": {"age_years": 68, "cramps_per_week": 1},
}
"""Answers that come to each level; to all else the answer is the harmless one."""

ANSWER_SCREEN = """(answers) => {
  const { shadowRoot } = document.querySelector("nightcramp-check");
  const asked = [];
  for (const legend of shadowRoot.querySelectorAll("fieldset fieldset > legend")) {
    const id = legend.id.replace(/-text$/, "");
    const answer = answers[id];
    const field = typeof answer === "number" ? `${id}-number` : `${id}-${answer}`;
    const input = shadowRoot.getElementById(field);
    if (typeof answer === "number") input.value = answer;
    else input.checked = true;
    input.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    asked.push(id);
  }
  shadowRoot.querySelector("form")?.requestSubmit();
  return asked;
}"""
"""What a person does on one screen, without the time it takes to click: see
test_the_keyboard_alone_is_enough for keys, and others for the mouse."""


@pytest.fixture(scope="module")
def rules(read):
    return read("/v1/risk-rules?lang=en")


@pytest.fixture(scope="module")
def harmless(rules):
    questions = [q for group in rules["groups"] for q in group["questions"]]
    return {question["id"]: question["negative"] for question in questions}


@pytest.fixture(scope="module")
def vectors(read):
    found = read("/v1/risk-rules/vectors")["vectors"]
    return {vector["id"]: vector for vector in found}


@pytest.fixture(scope="module")
def evaluated(read):
    def evaluate(answers, language="en"):
        return read(f"/v1/risk-evaluations?lang={language}", {"answers": answers})

    return evaluate


def begin(embedder, element: str = CHECK) -> None:
    embedder.ready(element)
    embedder.press("start")


def go_through(embedder, answers) -> dict:
    """Answer screen after screen until there is a result; what was answered."""
    given = {}
    for _ in range(60):
        asked = embedder.page.evaluate(ANSWER_SCREEN, answers)
        if not asked:
            return given
        given |= {id: answers[id] for id in asked}
    raise AssertionError("the questions do not come to an end")


def result(embedder) -> dict:
    told = [event["detail"] for event in embedder.happened if event["name"] == "result"]
    return told[-1]


def held_to(evaluation) -> dict:
    """What the page is told of an evaluation when flags are shared."""
    flags = [flag["id"] for flag in evaluation["flags"]]
    urgency = {name: evaluation["urgency"][name] for name in ("level", "settled")}
    return {**urgency, "flags": flags}


def text_of(embedder) -> str:
    root = "document.querySelector('nightcramp-check').shadowRoot.firstChild"
    return " ".join(embedder.page.evaluate(f"{root}.innerText").split())


# The outcome


@pytest.mark.parametrize("id", VIGNETTES)
def test_a_worked_case_comes_to_what_the_server_says(
    embedder, vectors, harmless, evaluated, id
):
    begin(embedder, ALL_SHARED)
    case = vectors[f"vignette-{id}"]["answers"]
    given = go_through(embedder, harmless | case)
    evaluation = evaluated(given)
    assert result(embedder) == held_to(evaluation)
    assert evaluation["next_questions"] == []
    assert evaluation["urgency"]["title"] == embedder.by_id("heading").text_content()


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("level", LEVELS)
def test_each_level_says_what_to_do_and_why(
    embedder, harmless, evaluated, level, language
):
    begin(embedder, ALL_SHARED.replace(" share", f' lang="{language}" share'))
    given = go_through(embedder, harmless | LEVELS[level])
    evaluation = evaluated(given, language)
    urgency, shown = evaluation["urgency"], text_of(embedder)
    assert urgency["level"] == level
    assert result(embedder) == held_to(evaluation)
    expect(embedder.by_id("heading")).to_have_text(urgency["title"])
    expect(embedder.by_id("heading")).to_be_focused()
    leading = [flag for flag in evaluation["flags"] if flag["urgency"] == level]
    for flag in leading if level == "emergency" else evaluation["flags"]:
        assert flag["title"] in shown
        assert flag["action"] in shown
    if urgency["route"] != "none":
        assert urgency["route_label"] in shown
    if level != "emergency":
        assert urgency["summary"] in shown
    assert evaluation["safety_net"] in shown
    assert evaluation["disclaimer"] in shown


def test_what_it_rests_on_is_said(embedder, harmless, rules):
    begin(embedder)
    answers = {"longest_cramp_minutes": 25, "wound": "wound_vaccinated"}
    go_through(embedder, harmless | answers)
    assert rules["clinical_review"] in text_of(embedder)
    assert rules["attribution"]["text"] in text_of(embedder)
    embedder.page.get_by_text("Your answers").click()
    told = embedder.page.locator("details[open] li")
    expect(told).to_contain_text(["tetanus jabs are complete", "25 minutes"])
    assert told.count() == 2, "and none of what was harmless"


# An emergency


@pytest.mark.parametrize(("number", "called"), [("1-1 2", "tel:112"), ("911", None)])
def test_an_emergency_ends_the_questions_and_calls(embedder, harmless, number, called):
    begin(embedder, f'<nightcramp-check emergency-number="{number}">')
    given = go_through(embedder, harmless | EMERGENCY)
    assert len(given) == 6, "the first screen"
    emergency = embedder.page.locator(".emergency")
    call = emergency.get_by_role("link")
    expect(call).to_have_text(f"Call {number}")
    expect(call).to_have_attribute("href", called or f"tel:{number}")
    expect(emergency).to_contain_text("Chest or breathing trouble")
    expect(emergency).to_contain_text("Call an ambulance")
    assert call.bounding_box()["height"] >= 64
    assert call.bounding_box()["y"] < 844, "without scrolling"
    assert embedder.page.locator("#place :is(#next, #goOn)").count() == 0
    assert embedder.happened[-1]["detail"] == {"level": "emergency", "settled": True}


def test_an_emergency_says_nothing_of_lesser_things(embedder, harmless, evaluated):
    begin(embedder, ALL_SHARED)
    answers = EMERGENCY | {"coughing_blood": "yes"}
    evaluation = evaluated(go_through(embedder, harmless | answers))
    assert len(evaluation["flags"]) == len(result(embedder)["flags"]) == 2
    expect(embedder.page.locator("h3")).to_have_text([evaluation["flags"][0]["title"]])


def test_an_emergency_was_a_slip_of_the_finger(embedder, harmless):
    begin(embedder)
    go_through(embedder, harmless | EMERGENCY)
    embedder.press("back")
    expect(embedder.by_id("breathless_severe-yes")).to_be_checked()
    embedder.by_id("breathless_severe-no").check()
    embedder.press("next")
    expect(embedder.by_id("heading")).to_contain_text("Look at both feet")


# What is not known


def test_skipping_everything_is_never_reassuring(embedder, evaluated, rules):
    begin(embedder, ALL_SHARED)
    skipped = []
    while embedder.by_id("next").count():
        legends = embedder.page.locator("fieldset fieldset > legend").all()
        skipped += [
            legend.get_attribute("id").removesuffix("-text") for legend in legends
        ]
        embedder.press("next")
    evaluation = evaluated(dict.fromkeys(skipped, "unknown"))
    assert result(embedder) == held_to(evaluation)
    assert evaluation["urgency"]["level"] == "same_day"
    assert "Not settled: what is open could still lead to: Get" in text_of(embedder)
    embedder.page.get_by_text(f"may know: {len(skipped)}").click()
    left = embedder.page.locator("details[open] li")
    expect(left).to_have_count(len(skipped))
    first = rules["groups"][0]
    expect(left.first).to_contain_text(first["questions"][0]["text"])
    expect(left.first).to_contain_text(first["who_knows"])


@pytest.mark.parametrize("screens", [0, 2])
def test_a_result_before_the_end_is_never_reassuring(embedder, harmless, screens):
    begin(embedder)
    for _ in range(screens):
        embedder.page.evaluate(ANSWER_SCREEN, harmless)
    stem = embedder.by_id("heading").text_content()
    embedder.press("now")
    assert result(embedder) == {"level": "undetermined", "settled": False}
    expect(embedder.by_id("heading")).to_contain_text("We cannot tell yet")
    assert "never a sign that all is well" in text_of(embedder)
    assert "Self-care" not in text_of(embedder)
    embedder.press("goOn")
    expect(embedder.by_id("heading")).to_have_text(stem)


def test_what_is_ticked_counts_without_going_on(embedder):
    begin(embedder)
    embedder.by_id("breathless_severe-yes").check()
    embedder.press("now")
    assert result(embedder)["level"] == "emergency"


def test_signs_of_danger_each_want_an_answer(embedder):
    begin(embedder)
    expect(embedder.by_id("coughing_blood-no")).to_have_count(1)
    expect(embedder.by_id("restNo")).to_have_count(0)


def test_no_to_the_rest_is_seen_before_it_counts(embedder, harmless):
    begin(embedder)
    while not embedder.by_id("restNo").count():
        embedder.page.evaluate(ANSWER_SCREEN, harmless)
    fields = embedder.page.locator("[id$=-unknown]")
    first, asked = fields.first, fields.count()
    first.check()
    embedder.press("restNo")
    expect(embedder.by_id("next")).to_be_focused()
    expect(first).to_be_checked()
    expect(embedder.page.locator("[id$=-no]:checked")).to_have_count(asked - 1)


# Going back


def test_back_keeps_answers(embedder, harmless):
    begin(embedder)
    embedder.page.evaluate(ANSWER_SCREEN, harmless | {"coughing_blood": "unknown"})
    embedder.by_id("pale_or_blue-yes").check()
    embedder.press("back")
    expect(embedder.by_id("coughing_blood-unknown")).to_be_checked()
    expect(embedder.by_id("breathless_severe-no")).to_be_checked()
    embedder.press("next")
    expect(embedder.by_id("pale_or_blue-yes")).to_be_checked()
    expect(embedder.page.locator("input:checked")).to_have_count(1)
    embedder.press("back", "back")
    expect(embedder.by_id("start")).to_be_visible()
    embedder.press("start")
    expect(embedder.by_id("coughing_blood-unknown")).to_be_checked()


def test_an_answer_that_no_longer_applies_does_not_count(
    embedder, harmless, evaluated, vectors
):
    """Bruises are asked for because of quinine; without quinine they are not."""
    begin(embedder, ALL_SHARED)
    case = vectors["vignette-quinine-bruises"]["answers"]
    given = go_through(embedder, harmless | case)
    assert result(embedder)["level"] == "same_day"
    assert given["bruising_or_bleeding"] == "yes"
    embedder.press("back")
    while not embedder.by_id("quinine-no").count():
        embedder.press("back")
    embedder.by_id("quinine-no").check()
    again = given | go_through(embedder, harmless | case | {"quinine": "no"})
    del again["bruising_or_bleeding"]
    assert result(embedder) == held_to(evaluated(again))
    assert result(embedder)["level"] == "self_care"


def test_starting_again_forgets_everything(embedder, harmless):
    begin(embedder)
    go_through(embedder, harmless | EMERGENCY)
    embedder.press("again")
    expect(embedder.by_id("heading")).to_be_focused()
    embedder.press("start")
    expect(embedder.page.locator("input:checked")).to_have_count(0)


# Numbers


def to_the_age(embedder, harmless) -> None:
    begin(embedder)
    while not embedder.by_id("age_years-number").count():
        embedder.page.evaluate(ANSWER_SCREEN, harmless)


@pytest.mark.parametrize("wrong", ["-1", "121", "1e9"])
def test_a_number_out_of_its_limits_goes_nowhere(embedder, harmless, wrong):
    to_the_age(embedder, harmless)
    age = embedder.by_id("age_years-number")
    expect(embedder.by_id("age_years-unit")).to_have_text("years (0–120)")
    age.fill(wrong)
    for id in ("next", "now"):
        embedder.press(id)
        expect(age).to_be_focused()
    age.fill("68.5")
    embedder.press("next")
    expect(age).to_have_count(0)
    embedder.press("back")
    expect(age).to_have_value("68.5")


def test_a_number_may_be_unknown(embedder, harmless):
    to_the_age(embedder, harmless)
    age, unknown = (
        embedder.by_id("age_years-number"),
        embedder.by_id("age_years-unknown"),
    )
    age.fill("0")
    unknown.check()
    expect(age).to_have_value("")
    age.fill("0")
    expect(unknown).not_to_be_checked()
    embedder.press("next", "back")
    expect(age).to_have_value("0")
    unknown.check()
    embedder.press("next", "back")
    expect(unknown).to_be_checked()
    expect(age).to_have_value("")
    unknown.uncheck()
    embedder.press("next", "back")
    expect(unknown).to_be_checked()


# Nothing leaves it


LEAKS = """
  window.leaked = [];
  for (const type of ["input", "change", "beforeinput", "keydown", "keyup", "keypress",
                      "submit"]) {
    document.addEventListener(type, ({ type }) => leaked.push(type));
  }
  for (const name of ["pushState", "replaceState"]) {
    history[name] = () => leaked.push(name);
  }
  navigator.sendBeacon = () => leaked.push("beacon");
  new MutationObserver((records) => {
    for (const { target, attributeName } of records) {
      if (target.localName === "nightcramp-check") leaked.push(attributeName);
    }
  }).observe(document, { attributes: true, subtree: true });
"""


def test_nothing_is_asked_of_the_network_once_it_is_ready(visit, harmless, vectors):
    """Not one request, so none can carry an answer; nor is anything stored or told."""
    embedder = visit(LEAKS)
    begin(embedder)
    loaded, address = list(embedder.requests), embedder.page.url
    for id in ("dvt-with-breathlessness", "unknown-swelling", "growing-pains"):
        case = vectors[f"vignette-{id}"]["answers"]
        given = go_through(embedder, harmless | case)
        embedder.press("back")
        embedder.page.keyboard.press("Tab")
        embedder.press("now", "again", "start")
    embedder.by_id("coughing_blood-yes").check()
    embedder.page.wait_for_timeout(200)
    assert embedder.requests == loaded
    assert sorted(url.rpartition("/")[2] for url in loaded) == [
        "app.html",
        "evaluator.js",
        "nightcramp.js",
        "risk-rules?lang=en",
    ]
    assert not [id for id in given if any(id in url for url in loaded)]
    assert embedder.page.url == address
    stored = "[localStorage.length, sessionStorage.length, document.cookie]"
    assert embedder.page.evaluate(stored) == [0, 0, ""]
    assert embedder.page.evaluate("indexedDB.databases()") == []
    assert embedder.page.evaluate("caches.keys()") == []
    assert set(embedder.page.evaluate("leaked")) <= {"keydown", "keyup"}, "the Tab key"
    own = "Object.entries(document.querySelector('nightcramp-check'))"
    public = json.dumps(embedder.page.evaluate(f"{own}.map(([name]) => name)"))
    assert "kept" not in public
    assert "answers" not in public


def test_keys_that_type_an_answer_are_not_heard_outside(visit, harmless):
    embedder = visit(LEAKS)
    to_the_age(embedder, harmless)
    embedder.by_id("age_years-number").press_sequentially("68")
    assert embedder.page.evaluate("leaked") == []


def test_the_page_is_told_the_outcome_and_no_more(embedder, harmless):
    begin(embedder)
    go_through(embedder, harmless | LEVELS["same_day"])
    assert [(event["name"], event["detail"]) for event in embedder.happened] == [
        ("ready", {}),
        ("result", {"level": "same_day", "settled": True}),
    ]


# Languages, copies, failures


def test_the_language_changes_and_the_answers_stay(embedder, harmless, read):
    begin(embedder)
    embedder.page.evaluate(ANSWER_SCREEN, harmless)
    embedder.by_id("pale_or_blue-yes").check()
    embedder.by_id("next").focus()
    group = read("/v1/risk-rules?lang=ru")["groups"][1]
    embedder.set("lang", "ru")
    expect(embedder.by_id("heading")).to_have_text(group["stem"])
    expect(embedder.by_id("pale_or_blue-yes")).to_be_checked()
    expect(embedder.by_id("next")).to_have_text("Дальше")
    assert embedder.focused() == "next"
    embedder.press("back")
    expect(embedder.by_id("coughing_blood-no")).to_be_checked()
    embedder.page.route("**/v1/**", lambda route: route.abort())
    embedder.set("lang", "en")
    embedder.page.wait_for_function("happened.at(-1).name === 'error'")
    expect(embedder.by_id("next")).to_have_text("Дальше")


def test_a_result_changes_its_language_and_is_told_once(embedder, harmless):
    begin(embedder)
    go_through(embedder, harmless | EMERGENCY)
    embedder.set("lang", "ru")
    expect(embedder.by_id("call")).to_have_text("Позвонить 112")
    assert [event["name"] for event in embedder.happened].count("result") == 1


def bring(embedder, data) -> None:
    embedder.embed("")
    embedder.page.evaluate(
        """(data) => {
          const element = document.createElement("nightcramp-check");
          element.data = data;
          document.getElementById("place").append(element);
        }""",
        data,
    )


@pytest.mark.parametrize("path", ["/v1/risk-rules?lang=ru", "/v1/bundle?lang=ru"])
def test_an_app_may_bring_its_own_copy(embedder, read, path, harmless):
    """Set together with the element: not even the first request is made."""
    bring(embedder, read(path))
    expect(embedder.by_id("start")).to_have_text("Начать")
    embedder.press("start")
    go_through(embedder, harmless | EMERGENCY)
    assert result(embedder)["level"] == "emergency"
    assert not [url for url in embedder.requests if "/v1" in url]


def test_without_the_rules_there_is_a_way_to_try_again_and_to_call(embedder):
    embedder.page.route("**/v1/**", lambda route: route.abort())
    embedder.embed('<nightcramp-check emergency-number="911"></nightcramp-check>')
    expect(embedder.page.get_by_role("alert")).to_be_visible()
    expect(embedder.page.get_by_role("link")).to_have_attribute("href", "tel:911")
    embedder.page.unroute("**/v1/**")
    embedder.press("retry")
    expect(embedder.by_id("heading")).to_be_focused()
    assert embedder.names() == ["error", "ready"]


@pytest.mark.parametrize("data", [{}, {"groups": []}, {"risk_rules": []}])
def test_rules_that_cannot_be_evaluated_are_an_error(embedder, data):
    bring(embedder, data)
    expect(embedder.by_id("retry")).to_be_visible()
    assert embedder.names() == ["error"]


def test_rules_that_cannot_be_evaluated_do_not_replace_those_that_can(embedder):
    embedder.ready(CHECK)
    embedder.page.evaluate("document.querySelector('nightcramp-check').data = {}")
    embedder.page.wait_for_function("happened.at(-1).name === 'error'")
    expect(embedder.by_id("start")).to_be_visible()


# Hands and eyes


def test_the_keyboard_alone_is_enough(embedder):
    embedder.ready(CHECK)
    keyboard = embedder.page.keyboard
    keyboard.press("Tab")
    assert embedder.focused() == "start"
    keyboard.press("Enter")
    assert embedder.focused() == "heading"
    for _ in range(5):
        keyboard.press("Tab")
        keyboard.press("Space")
        keyboard.press("ArrowRight")
        assert embedder.focused().endswith("-no")
    keyboard.press("Tab")
    keyboard.press("Space")
    assert embedder.focused() == "very_fast_heartbeat-yes"
    keyboard.press("Tab")
    assert embedder.focused() == "next"
    keyboard.press("Enter")
    assert embedder.focused() == "heading"
    expect(embedder.page.locator(".emergency")).to_be_visible()
    keyboard.press("Tab")
    assert embedder.focused() == "call"


def test_each_question_is_in_its_group(embedder, rules):
    begin(embedder)
    group = rules["groups"][0]
    outer = embedder.page.get_by_role("group", name=group["stem"])
    for question in group["questions"]:
        inner = outer.get_by_role("group", name=question["text"])
        labels = ("Yes", "No", "I don’t know")
        for label in labels:
            radio = inner.get_by_role("radio", name=label, exact=True)
            expect(radio).to_have_count(1)
        expect(inner.get_by_role("radio")).to_have_count(len(labels))


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("zoomed", [False, True], ids=["small", "large-text"])
def test_nothing_is_wider_than_the_screen(visit, harmless, language, zoomed):
    """Zoomed to 200%, a window of 640 px is one of 320 px with text as large."""
    embedder = visit(viewport={"width": 640, "height": 640} if zoomed else SMALL)
    embedder.ready(f'<nightcramp-check lang="{language}"></nightcramp-check>')
    if zoomed:
        embedder.page.add_style_tag(content=":root { font-size: 200%; }")
    fits(embedder)
    embedder.press("start")
    while embedder.by_id("next").count():
        fits(embedder)
        embedder.page.evaluate(ANSWER_SCREEN, harmless)
    fits(embedder)


def fits(embedder) -> None:
    width = "document.documentElement.scrollWidth - innerWidth"
    assert embedder.page.evaluate(width) <= 0
    targets = embedder.page.locator("#place :is(button, summary, a, .choice)").all()
    assert min(target.bounding_box()["height"] for target in targets) >= 48


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(embedder, theme, harmless):
    embedder.ready(f'<nightcramp-check theme="{theme}"></nightcramp-check>')
    assert violations(embedder.page) == []
    embedder.press("start")
    embedder.by_id("coughing_blood-yes").check()
    assert violations(embedder.page) == []
    go_through(embedder, harmless | EMERGENCY)
    assert violations(embedder.page) == []
    for level in ("same_day", "self_care"):
        embedder.press("again", "start")
        go_through(embedder, harmless | LEVELS[level])
        assert violations(embedder.page) == []
