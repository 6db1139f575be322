"""<nightcramp-relief> in a page of another origin: a night, from Start to the end."""

import gzip
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from api.config import CONTENT
from tests.browser.accessibility import violations
from tests.browser.conftest import SMALL
from tests.servers import start_ready, stop

FOLDER = Path(__file__).parents[2] / "api" / "static" / "embed"
PROTOCOLS = sorted(path.stem for path in (CONTENT / "relief-protocols").glob("*.yaml"))
STRETCH = '<nightcramp-relief protocol="calf-stretch"></nightcramp-relief>'
AT_MOST = 15_000
"""Bytes of both modules, compressed."""

SPEECH = """
  window.said = [];
  window.SpeechSynthesisUtterance = class {
    constructor(text) { this.text = text; }
  };
  Object.defineProperty(window, "speechSynthesis", { value: {
    speak: ({ text, lang }) => said.push([lang, text]),
    cancel: () => said.push("quiet"),
  } });
"""
WAKE_LOCK = """
  window.awake = [];
  navigator.vibrate = (pattern) => awake.push("vibrate");
  Object.defineProperty(navigator, "wakeLock", { value: { request: async (kind) => {
    awake.push(kind);
    return { release: async () => awake.push("released") };
  } } });
"""


def path_of(id: str, language: str = "en") -> str:
    return f"/v1/relief-protocols/{id}?lang={language}"


def phases(protocol: dict) -> list[dict]:
    """Rounds and rests, as the guide for app developers has it."""
    found = []
    for step in protocol["steps"]:
        for round_number in range(1, step["repeat"] + 1):
            found.append({"step": step, "round": round_number, "rest": False})
            if round_number < step["repeat"] and step["rest_seconds"]:
                found.append({"step": step, "round": round_number, "rest": True})
    return found


def seconds(phase: dict) -> int:
    return phase["step"]["rest_seconds" if phase["rest"] else "seconds"]


def expected_events(protocol: dict) -> list[dict]:
    """What the page is told from Start on, and after how many milliseconds."""
    told, passed = [{"name": "start", "detail": {}, "at": 0}], 0
    for phase in phases(protocol):
        if not phase["rest"]:
            detail = {"step": phase["step"]["id"], "round": phase["round"]}
            told.append({"name": "step", "detail": detail, "at": passed})
        passed += seconds(phase) * 1000
    return [*told, {"name": "end", "detail": {}, "at": passed}]


def events_since_start(embedder) -> list[dict]:
    events = embedder.happened
    starts = [place for place, event in enumerate(events) if event["name"] == "start"]
    told = events[starts[-1] :]
    return [{**event, "at": event["at"] - told[0]["at"]} for event in told]


@pytest.fixture
def stretch(read):
    return read(path_of("calf-stretch"))


@pytest.fixture
def faked(visit):
    """Opens the element in a page whose clock stands still until it is told to run."""

    def open_faked(element: str = STRETCH, init: str = "", **options):
        embedder = visit(init, **options)
        embedder.page.clock.install(time=0)
        embedder.ready(element)
        embedder.page.clock.pause_at(3_600)
        return embedder

    return open_faked


def glance(embedder):
    return embedder.page.locator("h2.glance")


def left(embedder):
    return embedder.page.get_by_role("timer")


# Before Start


def test_what_forbids_it_is_shown_before_start(embedder, stretch):
    embedder.ready(STRETCH)
    expect(embedder.page.get_by_role("heading", level=2)).to_have_text(stretch["title"])
    box = embedder.page.locator(".alert")
    expect(box.get_by_role("listitem")).to_have_text(stretch["do_not_if"])
    above = box.bounding_box()["y"] + box.bounding_box()["height"]
    assert embedder.by_id("start").bounding_box()["y"] >= above
    assert embedder.names() == ["ready"]


def test_start_is_not_there_before_every_picture_is(embedder):
    held = []
    embedder.page.route("**/illustrations/*", lambda route: held.append(route))
    embedder.embed(STRETCH)
    expect(embedder.page.locator("#place p")).to_have_text("Loading…")
    embedder.page.wait_for_timeout(200)
    assert len(held) == 2
    expect(embedder.by_id("start")).to_have_count(0)
    for route in held:
        route.continue_()
    expect(embedder.by_id("start")).to_be_visible()


def test_without_the_network_there_is_a_way_to_try_again_and_no_advice(embedder):
    failing = ["**/v1?lang=*", "**/v1/relief-protocols/*"]
    for path in failing:
        embedder.page.route(path, lambda route: route.abort())
    embedder.embed(STRETCH)
    alert = embedder.page.get_by_role("alert")
    expect(alert).to_have_text("This could not be loaded. Check the connection.")
    assert embedder.page.locator("#place :is(p, li, h2, h3)").count() == 1
    assert [event["detail"]["reason"] for event in embedder.happened] == ["load"]
    embedder.press("retry")
    expect(embedder.by_id("retry")).to_be_focused()
    for path in failing:
        embedder.page.unroute(path)
    embedder.press("retry")
    expect(embedder.by_id("heading")).to_be_focused()
    expect(embedder.by_id("start")).to_be_visible()


@pytest.mark.parametrize("id", ["no-such-protocol", "../risk-rules", ""])
def test_a_protocol_that_is_not_there_is_an_error(embedder, id):
    embedder.embed(f'<nightcramp-relief protocol="{id}"></nightcramp-relief>')
    expect(embedder.by_id("retry")).to_be_visible()
    assert embedder.names() == ["error"]


# The timeline


def test_every_protocol_runs_as_the_service_says(faked, read):
    """To the millisecond, by a clock of the test; one page runs them all in turn."""
    embedder = faked()
    for id in PROTOCOLS:
        protocol = read(path_of(id))
        embedder.set("protocol", id)
        title = embedder.page.locator("h2", has_text=protocol["title"])
        expect(title).to_be_visible()
        embedder.press("start")
        embedder.page.clock.run_for(protocol["total_seconds"] * 1000)
        expect(embedder.by_id("heading")).to_have_text("Done")
        assert events_since_start(embedder) == expected_events(protocol), id


@pytest.mark.parametrize("language", ["en", "ru"])
def test_each_phase_shows_what_to_do_and_for_how_long(faked, read, language):
    protocol = read(path_of("calf-stretch", language))
    rest, step, of, turn = {
        "en": ("Rest", "Step", "of", "Round"),
        "ru": ("Отдых", "Шаг", "из", "Подход"),
    }[language]
    element = STRETCH.replace(">", f' lang="{language}">', 1)
    embedder = faked(element)
    embedder.press("start")
    for phase in phases(protocol):
        now, place = phase["step"], protocol["steps"].index(phase["step"]) + 1
        where = f"{step} {place} {of} {len(protocol['steps'])}"
        if now["repeat"] > 1:
            where += f" · {turn} {phase['round']} {of} {now['repeat']}"
        expect(glance(embedder)).to_have_text(rest if phase["rest"] else now["glance"])
        expect(embedder.page.get_by_text(where, exact=True)).to_be_visible()
        if not phase["rest"]:
            expect(embedder.page.get_by_text(now["text"])).to_be_visible()
        picture = embedder.page.get_by_role("img", name=now["illustration"]["alt"])
        expect(picture).to_be_visible()
        expect(left(embedder)).to_have_text(str(seconds(phase)))
        embedder.page.clock.run_for(1000)
        expect(left(embedder)).to_have_text(str(seconds(phase) - 1))
        embedder.page.clock.run_for((seconds(phase) - 1) * 1000)
    expect(embedder.page.get_by_text(protocol["what_to_expect"])).to_be_visible()


def test_long_times_are_minutes_and_seconds(faked):
    embedder = faked(STRETCH.replace("calf-stretch", "warm-compress"))
    embedder.press("start", "next", "next")
    expect(left(embedder)).to_have_text("5:00")
    embedder.page.clock.run_for(61_000)
    expect(left(embedder)).to_have_text("3:59")


def test_a_page_that_slept_finds_its_place_by_the_clock(faked):
    """10 s, then rounds of 20 s with 10 s of rest: 55 s are 15 s into the second."""
    embedder = faked()
    embedder.press("start")
    embedder.page.clock.fast_forward(55_000)
    expect(left(embedder)).to_have_text("5")
    rounds = [event["detail"].get("round") for event in embedder.happened]
    assert rounds == [None, None, 1, 1, 2]


def test_a_clock_that_is_set_back_takes_nothing_away(faked):
    embedder = faked()
    embedder.press("start")
    embedder.page.clock.run_for(4_000)
    now = embedder.page.evaluate("Date.now()")
    embedder.page.clock.set_system_time(now / 1000 - 3_600)
    embedder.page.clock.run_for(3_000)
    assert 3 <= int(left(embedder).text_content()) <= 4


def test_the_end_says_what_to_expect_and_what_it_is_worth(faked, stretch, read):
    embedder = faked()
    embedder.press("start")
    embedder.page.clock.run_for(stretch["total_seconds"] * 1000)
    service = read("/v1?lang=en")
    for text in (
        stretch["what_to_expect"],
        service["disclaimer"],
        service["clinical_review"],
        stretch["attribution"]["text"],
    ):
        expect(embedder.page.get_by_text(text)).to_be_visible()
    expect(embedder.by_id("heading")).to_be_focused()
    embedder.press("again")
    expect(embedder.page.locator(".alert li")).to_have_text(stretch["do_not_if"])


def test_pause_next_repeat_and_stop(faked, stretch):
    embedder = faked()
    clock = embedder.page.clock
    first, second = stretch["steps"]
    embedder.press("start")
    clock.run_for(3_000)
    embedder.press("pause")
    expect(embedder.by_id("pause")).to_have_text("Resume")
    clock.run_for(60_000)
    expect(left(embedder)).to_have_text("7")
    embedder.press("pause")
    clock.run_for(2_000)
    expect(left(embedder)).to_have_text("5")
    embedder.press("repeat")
    expect(glance(embedder)).to_have_text(first["glance"])
    expect(left(embedder)).to_have_text("10")
    embedder.press("next")
    clock.run_for(32_000)
    expect(embedder.page.get_by_text("Round 2 of 3")).to_be_visible()
    embedder.press("repeat")
    expect(embedder.page.get_by_text("Round 1 of 3")).to_be_visible()
    expect(left(embedder)).to_have_text(str(second["seconds"]))
    embedder.press("pause", "repeat")
    expect(embedder.by_id("pause")).to_have_text("Pause")
    embedder.press("stop")
    expect(embedder.by_id("heading")).to_have_text("Stopped")
    signs = embedder.page.locator("details[open] li")
    expect(signs).to_have_text(stretch["stop_when"])
    clock.run_for(600_000)
    assert [(e["name"], e["detail"].get("step")) for e in embedder.happened] == [
        ("ready", None),
        ("start", None),
        ("step", first["id"]),
        ("pause", None),
        ("resume", None),
        ("step", first["id"]),
        ("step", second["id"]),
        ("step", second["id"]),
        ("step", second["id"]),
        ("pause", None),
        ("resume", None),
        ("step", second["id"]),
        ("stop", None),
    ]


def test_next_after_the_last_step_is_the_end(faked):
    embedder = faked()
    embedder.press("start", "next")
    expect(embedder.by_id("next")).to_have_text("Done")
    embedder.press("next")
    assert embedder.names()[-1] == "end"


def test_what_to_stop_for_is_one_tap_away_at_all_times(faked, stretch):
    embedder = faked()
    signs = embedder.page.locator("details li", has_text=stretch["stop_when"][0])
    for get_there in (None, "start", "pause", "next", "next"):
        if get_there:
            embedder.press(get_there)
        expect(signs).to_be_hidden()
        embedder.page.get_by_text("When to get help").click()
        expect(signs).to_be_visible()
        embedder.page.get_by_text("When to get help").click()


def test_it_stays_open_from_one_phase_to_the_next(faked, stretch):
    embedder = faked()
    embedder.press("start")
    embedder.page.get_by_text("When to get help").click()
    embedder.page.clock.run_for(15_000)
    signs = embedder.page.locator("details li", has_text=stretch["stop_when"][0])
    expect(signs).to_be_visible()


def test_taken_out_of_the_page_it_is_paused(faked):
    embedder = faked()
    embedder.press("start")
    embedder.page.clock.run_for(2_000)
    embedder.page.evaluate(
        """window.element = document.querySelector("nightcramp-relief");
           element.remove();"""
    )
    embedder.page.clock.run_for(60_000)
    embedder.page.evaluate("document.getElementById('place').append(element)")
    expect(embedder.by_id("pause")).to_have_text("Resume")
    expect(left(embedder)).to_have_text("8")
    assert embedder.names().count("ready") == 1


# Languages


def test_the_language_changes_while_it_runs_and_nothing_else_does(faked, read):
    embedder = faked()
    embedder.press("start", "next")
    embedder.page.clock.run_for(35_000)
    embedder.by_id("repeat").focus()
    russian = read(path_of("calf-stretch", "ru"))
    embedder.set("lang", "ru")
    expect(glance(embedder)).to_have_text(russian["steps"][1]["glance"])
    expect(embedder.page.get_by_text("Подход 2 из 3")).to_be_visible()
    expect(embedder.by_id("pause")).to_have_text("Пауза")
    expect(left(embedder)).to_have_text("15")
    assert embedder.focused() == "repeat"
    embedder.set("lang", "en")
    expect(embedder.by_id("pause")).to_have_text("Pause")
    embedder.page.clock.run_for(45_000)
    assert embedder.names()[-1] == "end"
    assert embedder.names().count("ready") == 1


def test_if_the_other_language_cannot_be_loaded_this_one_stays(faked, stretch):
    embedder = faked()
    embedder.press("start")
    embedder.page.route("**/v1*/**", lambda route: route.abort())
    embedder.page.route("**/v1?*", lambda route: route.abort())
    embedder.set("lang", "ru")
    embedder.page.wait_for_function("happened.at(-1).name === 'error'")
    expect(glance(embedder)).to_have_text(stretch["steps"][0]["glance"])
    expect(embedder.by_id("pause")).to_have_text("Pause")
    embedder.page.clock.run_for(stretch["total_seconds"] * 1000)
    assert embedder.names()[-1] == "end"


@pytest.mark.parametrize(
    ("around", "language"),
    [
        ('<div lang="ru">{}</div>', "ru"),
        ('<div lang="ru-RU">{}</div>', "ru"),
        ('<div lang="de">{}</div>', "en"),
        ('<div lang="">{}</div>', "en"),
        ("{}", "en"),
    ],
)
def test_without_a_language_it_is_that_of_the_page(embedder, around, language):
    embedder.ready(around.format(STRETCH))
    start = {"en": "Start", "ru": "Начать"}[language]
    expect(embedder.by_id("start")).to_have_text(start)
    frame = "document.querySelector('nightcramp-relief').shadowRoot.firstChild.lang"
    assert embedder.page.evaluate(frame) == language


# Hands, eyes and ears


def test_the_keyboard_alone_is_enough(faked):
    embedder = faked()
    keyboard = embedder.page.keyboard
    assert embedder.focused() is None, "a page that loads keeps its focus"
    keyboard.press("Tab")
    assert embedder.focused() == "start"
    outline = (
        "getComputedStyle(document.activeElement.shadowRoot.activeElement).outline"
    )
    assert "none" not in embedder.page.evaluate(outline)
    keyboard.press("Enter")
    assert embedder.focused() == "heading", "where Enter, held down, presses nothing"
    stops = []
    for _ in range(4):
        keyboard.press("Tab")
        stops.append(embedder.focused())
    assert stops == ["pause", "repeat", "next", "stop"]
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(embedder.page.locator("details[open]")).to_be_visible()
    embedder.by_id("pause").focus()
    keyboard.press("Space")
    keyboard.press("Space")
    assert embedder.names()[-2:] == ["pause", "resume"]
    embedder.page.clock.run_for(15_000)
    assert embedder.focused() == "pause", "a new step leaves the focus where it is"
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Enter")
    assert embedder.names()[-1] == "end"
    assert embedder.focused() == "heading"


def test_steps_are_announced_and_seconds_are_not(faked):
    embedder = faked()
    embedder.press("start")
    live = embedder.page.locator("#place [aria-live=polite]")
    expect(live).to_have_count(1)
    embedder.page.evaluate(
        """window.heard = 0;
           const root = document.querySelector("nightcramp-relief").shadowRoot;
           new MutationObserver(() => (heard += 1)).observe(
             root.querySelector("[aria-live]"),
             { childList: true, subtree: true, characterData: true });"""
    )
    embedder.page.clock.run_for(9_000)
    assert embedder.page.evaluate("heard") == 0
    embedder.page.clock.run_for(1_000)
    assert embedder.page.evaluate("heard") == 1
    expect(live).to_contain_text("Pull your foot toward you")


@pytest.mark.parametrize(("reduced", "moves"), [("reduce", "0s"), (None, "1s")])
def test_who_wants_no_motion_gets_none(faked, reduced, moves):
    embedder = faked(reduced_motion=reduced)
    embedder.press("start")
    ring = embedder.page.locator("circle.gone")
    expect(ring).to_have_css("transition-duration", moves)
    expect(ring).to_have_css("animation-name", "none")


def test_targets_are_big(faked):
    embedder = faked(viewport=SMALL)
    assert smallest_target(embedder.page) >= 48
    embedder.press("start")
    assert smallest_target(embedder.page) >= 48
    embedder.press("stop")
    assert smallest_target(embedder.page) >= 48


def smallest_target(page) -> float:
    targets = page.locator("#place :is(button, summary, a)").all()
    assert targets
    return min(
        min(target.bounding_box()[side] for side in ("width", "height"))
        for target in targets
    )


@pytest.mark.parametrize("viewport", [SMALL, {"width": 390, "height": 844}])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_nothing_is_wider_than_the_screen(faked, viewport, language):
    element = STRETCH.replace(">", f' lang="{language}">', 1)
    embedder = faked(element, viewport=viewport)
    for id in ("start", "next", "stop"):
        assert overflow(embedder.page) <= 0
        embedder.press(id)
    assert overflow(embedder.page) <= 0


def overflow(page) -> int:
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def test_the_time_left_is_never_under_the_buttons(faked, read):
    """On a phone, the longest words included."""
    embedder = faked(STRETCH.replace(">", ' lang="ru">', 1))
    for id in PROTOCOLS:
        protocol = read(path_of(id, "ru"))
        embedder.set("protocol", id)
        expect(embedder.by_id("heading")).to_have_text(protocol["title"])
        embedder.press("start")
        for _ in protocol["steps"]:
            timer, controls = left(embedder), embedder.page.locator(".controls")
            timer.scroll_into_view_if_needed()
            bottom = timer.bounding_box()["y"] + timer.bounding_box()["height"]
            assert bottom <= controls.bounding_box()["y"], id
            embedder.press("next")


def test_nothing_is_spoken_unless_it_is_switched_on(faked, stretch):
    embedder = faked(init=SPEECH)
    embedder.press("start")
    embedder.page.clock.run_for(stretch["total_seconds"] * 1000)
    assert embedder.page.evaluate("said") == []
    expect(embedder.by_id("again")).to_be_visible()
    embedder.press("again", "aloud")
    expect(embedder.by_id("aloud")).to_have_attribute("aria-pressed", "true")
    assert embedder.page.evaluate("said") == []
    embedder.press("start")
    embedder.page.clock.run_for(stretch["total_seconds"] * 1000)
    spoken = [said for said in embedder.page.evaluate("said") if said != "quiet"]
    assert spoken == [
        ["en", "Rest" if phase["rest"] else phase["step"]["speech"]]
        for phase in phases(stretch)
    ]


def test_speech_ends_with_a_pause_and_when_it_is_switched_off(faked):
    embedder = faked(init=SPEECH)
    embedder.press("start", "aloud")
    assert len(embedder.page.evaluate("said")) == 2, "the step that is under way"
    for id in ("pause", "aloud"):
        embedder.press(id)
        assert embedder.page.evaluate("said").pop() == "quiet"
    spoken = len(embedder.page.evaluate("said"))
    embedder.press("pause", "next")
    assert len(embedder.page.evaluate("said")) == spoken


def test_the_screen_stays_on_while_it_runs(faked):
    embedder = faked(init=WAKE_LOCK)
    page = embedder.page
    awake = "awake.filter((what) => what !== 'vibrate')"
    assert page.evaluate(awake) == []
    embedder.press("start")
    assert page.evaluate(awake) == ["screen"]
    embedder.press("pause")
    assert page.evaluate(awake) == ["screen", "released"]
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate(awake) == ["screen", "released"], "not while it is paused"
    embedder.press("pause")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate(awake).count("screen") == 3
    embedder.press("stop")
    held = page.evaluate(awake)
    assert held.count("screen") == held.count("released")


def test_the_phone_buzzes_at_each_phase_and_not_otherwise(faked, stretch):
    embedder = faked(init=WAKE_LOCK)
    buzzes = "awake.filter((what) => what === 'vibrate').length"
    assert embedder.page.evaluate(buzzes) == 0
    embedder.press("start")
    embedder.page.clock.run_for(5_000)
    assert embedder.page.evaluate(buzzes) == 1
    embedder.press("pause")
    embedder.page.clock.run_for(90_000)
    assert embedder.page.evaluate(buzzes) == 1
    embedder.press("pause")
    embedder.page.clock.run_for(stretch["total_seconds"] * 1000)
    assert embedder.page.evaluate(buzzes) == len(phases(stretch))


# Without the network


def test_the_server_may_die_once_it_is_ready(visit, read, stretch):
    server, base = start_ready()
    try:
        embedder = visit(at=base)
        embedder.page.clock.install(time=0)
        embedder.ready(STRETCH)
        embedder.page.clock.pause_at(3_600)
        embedder.press("start")
    finally:
        stop(server)
    loaded = len(embedder.requests)
    shown = []
    for phase in phases(stretch):
        picture = embedder.page.get_by_role("img")
        expect(picture).to_be_visible()
        shown.append(picture.get_attribute("aria-label"))
        embedder.page.clock.run_for(seconds(phase) * 1000)
    assert shown == [p["step"]["illustration"]["alt"] for p in phases(stretch)]
    assert embedder.names()[-1] == "end"
    assert len(embedder.requests) == loaded


@pytest.mark.parametrize("kind", ["protocol", "bundle"])
def test_an_app_may_bring_its_own_copy(visit, read, stretch, kind):
    """Set before the module comes, as frameworks do; nothing is asked for but it."""
    data = stretch if kind == "protocol" else read("/v1/bundle?lang=en")
    step = stretch["steps"][0]
    for item in [stretch, *data.get("relief_protocols", [])]:
        for one in item["steps"]:
            one.pop("illustration", None)
    embedder = visit()
    embedder.page.add_init_script(
        f"""const data = {json.dumps(data)};
        new MutationObserver((_, observer) => {{
          const element = document.querySelector("nightcramp-relief");
          if (element) {{ observer.disconnect(); element.data = data; }}
        }}).observe(document, {{ childList: true, subtree: true }});"""
    )
    embedder.ready(STRETCH)
    asked = [url for url in embedder.requests if url.startswith(embedder.service)]
    paths = [url.removeprefix(embedder.service) for url in asked]
    assert sorted(paths) == ["/embed/evaluator.js", "/embed/nightcramp.js"]
    embedder.press("start")
    expect(glance(embedder)).to_have_text(step["glance"])
    embedder.press("stop")
    disclaimer = data.get("disclaimer", "General information, not a diagnosis.")
    expect(embedder.page.get_by_text(disclaimer)).to_be_visible()


def test_a_copy_may_have_its_pictures_in_it(embedder, stretch):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/>'
    picture = {"href": f"data:image/svg+xml,{svg}</svg>", "alt": "A line"}
    for step in stretch["steps"]:
        step["illustration"] = {**step["illustration"], **picture}
    embedder.embed("<nightcramp-relief></nightcramp-relief>")
    embedder.page.evaluate(
        """async (data) => {
          await customElements.whenDefined("nightcramp-relief");
          data.steps.forEach((step) => delete step.illustration.sha256);
          document.querySelector("nightcramp-relief").data = data;
        }""",
        stretch,
    )
    embedder.press("start")
    expect(embedder.page.get_by_role("img", name="A line")).to_be_visible()


# Pictures


HOSTILE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink"
  viewBox="0 0 100 100" onload="window.harmed = 1" style="fill: url(https://e.example/f)">
  <script>window.harmed = 2</script>
  <style>@import url(https://e.example/s.css); * { display: none }</style>
  <image x:href="https://e.example/i.png" width="9" height="9"/>
  <foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="https://e.example/"/>
    <img xmlns="http://www.w3.org/1999/xhtml" src="x:" onerror="window.harmed = 3"/>
  </foreignObject>
  <a href="javascript:window.harmed = 4"><path id="line" d="M0 0H100"/></a>
  <use href="https://e.example/u.svg#u"/><use href="#line" y="9"/>
</svg>"""


def serve_pictures(embedder, body: str, sha256: str | None) -> None:
    """Have every step show `body`; without a digest it is served as what was meant."""

    def change(route):
        answer = route.fetch()
        protocol = answer.json()
        for step in protocol["steps"]:
            step["illustration"]["sha256"] = sha256
        route.fulfill(response=answer, json=protocol)

    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "image/svg+xml"}
    embedder.page.route("**/v1/relief-protocols/*", change)
    embedder.page.route(
        "**/illustrations/*", lambda route: route.fulfill(body=body, headers=headers)
    )


def test_a_picture_can_do_no_harm(visit):
    """Even if it passes for the right one: here the page cannot check it."""
    embedder = visit('Object.defineProperty(crypto, "subtle", { value: undefined })')
    serve_pictures(embedder, HOSTILE, None)
    embedder.ready(STRETCH)
    embedder.press("start")
    picture = embedder.page.locator(".picture svg")
    expect(picture).to_be_visible()
    embedder.page.wait_for_timeout(200)
    assert embedder.page.evaluate("window.harmed") is None
    assert not [url for url in embedder.requests if "e.example" in url]
    names = "(svg) => [...svg.querySelectorAll('*')].map((node) => node.localName)"
    forbidden = {"script", "style", "iframe", "img"}
    assert not forbidden & set(picture.evaluate(names))
    assert "e.example" not in picture.evaluate("(svg) => svg.outerHTML")
    assert "javascript" not in picture.evaluate("(svg) => svg.outerHTML")


@pytest.mark.parametrize(
    "body", ["<svg xmlns='http://www.w3.org/2000/svg'/>", "<p>No</p>", "<svg", ""]
)
def test_a_picture_that_is_not_what_was_meant_is_left_out(visit, body, stretch):
    embedder = visit()
    serve_pictures(embedder, body, "0" * 64)
    embedder.ready(STRETCH)
    errors = [event["detail"]["reason"] for event in embedder.happened[:-1]]
    assert errors == ["illustration", "illustration"]
    embedder.press("start")
    expect(glance(embedder)).to_have_text(stretch["steps"][0]["glance"])
    expect(embedder.page.get_by_role("img")).to_have_count(0)


def test_without_pictures_the_words_are_enough(visit, stretch):
    embedder = visit()

    def change(route):
        answer = route.fetch()
        protocol = answer.json()
        for step in protocol["steps"]:
            del step["illustration"]
        route.fulfill(response=answer, json=protocol)

    embedder.page.route("**/v1/relief-protocols/*", change)
    embedder.ready(STRETCH)
    embedder.press("start")
    expect(glance(embedder)).to_have_text(stretch["steps"][0]["glance"])
    assert embedder.names() == ["ready", "start", "step"]


def test_pictures_take_the_colour_of_the_text(embedder):
    embedder.ready(STRETCH)
    embedder.press("start")
    colour = "(node) => getComputedStyle(node).color"
    picture = embedder.page.locator(".picture svg")
    assert picture.evaluate(colour) == glance(embedder).evaluate(colour)


# Words are words, looks are the host's


def test_words_are_never_markup(embedder, stretch):
    harm = "<img src=x: onerror='window.harmed = 1'>"
    texts = ("title", "summary", "what_to_expect")
    stretch |= dict.fromkeys(texts, harm)
    stretch |= {name: [harm] for name in ("do_not_if", "stop_when", "cautions")}
    for step in stretch["steps"]:
        step |= {"glance": harm, "text": harm}
        step["illustration"]["alt"] = harm
    embedder.page.route(
        "**/v1/relief-protocols/*",
        lambda route: route.fulfill(
            json=stretch, headers={"Access-Control-Allow-Origin": "*"}
        ),
    )
    embedder.ready(STRETCH)
    expect(embedder.by_id("heading")).to_have_text(harm)
    embedder.press("start")
    expect(glance(embedder)).to_have_text(harm)
    embedder.press("stop")
    assert embedder.page.locator("#place img").count() == 0
    assert embedder.page.evaluate("window.harmed") is None


def test_the_host_may_change_its_looks(embedder):
    embedder.ready(STRETCH)
    style = """
      nightcramp-relief { --nightcramp-background: rgb(1, 2, 3); }
      nightcramp-relief::part(primary) { text-transform: uppercase; }
      nightcramp-relief button { display: none; }
      nightcramp-relief[hidden] { --seen: no; }
    """
    embedder.page.add_style_tag(content=style)
    element = embedder.page.locator("nightcramp-relief")
    expect(element).to_have_css("background-color", "rgb(1, 2, 3)")
    expect(embedder.by_id("start")).to_have_css("text-transform", "uppercase")
    expect(embedder.by_id("start")).to_be_visible()
    embedder.set("hidden", "")
    expect(element).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", ["light", "dark", "auto", ""])
def test_it_is_dark_unless_it_is_told_otherwise(visit, theme, scheme):
    embedder = visit(color_scheme=scheme)
    embedder.ready(STRETCH.replace(">", f' theme="{theme}">', 1))
    light = theme == "light" or (theme == "auto" and scheme == "light")
    element = embedder.page.locator("nightcramp-relief")
    expect(element).to_have_css("color-scheme", "light" if light else "dark")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(embedder, theme):
    embedder.ready(STRETCH.replace(">", f' theme="{theme}">', 1))
    assert violations(embedder.page) == []
    embedder.press("start")
    assert violations(embedder.page) == []
    embedder.press("stop")
    assert violations(embedder.page) == []


# The module


def source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def test_both_modules_together_are_small():
    modules = [
        (FOLDER / name).read_bytes() for name in ("nightcramp.js", "evaluator.js")
    ]
    assert sum(len(gzip.compress(module, 9)) for module in modules) <= AT_MOST


def test_it_names_its_version(embedder):
    embedder.ready(STRETCH)
    version = embedder.page.evaluate(
        "(url) => import(url).then(({ VERSION }) => VERSION)",
        f"{embedder.service}/embed/nightcramp.js",
    )
    assert version == "1.0.0"


def test_it_writes_no_markup_and_keeps_nothing():
    code = source("nightcramp.js")
    markup = r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\("
    stores = r"localStorage|sessionStorage|indexedDB|cookie|caches|history|location"
    others = r"sendBeacon|WebSocket|EventSource|XMLHttpRequest"
    assert not re.search(f"{markup}|{stores}|{others}", code)
    assert re.findall(r'^import .* from (".*");$', code, re.M) == ['"./evaluator.js"']


def test_it_has_every_word_in_both_languages(embedder):
    words = re.search(r"const WORDS = (\{.*?\n\});", source("nightcramp.js"), re.S)[1]
    english, russian = embedder.page.evaluate(
        f"Object.values({words}).map(Object.keys)"
    )
    assert english == russian
