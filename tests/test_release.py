"""What `make release` records, what it refuses, and that deltas add up to the whole."""

import shutil
from copy import deepcopy
from itertools import combinations
from pathlib import Path

import pytest

from api.config import CONTENT
from api.domain.releases import version_key
from api.loader import check_content, load_library
from api.loader.content_set import digest
from api.release import MANIFESTS_KEPT, PUBLIC_URL, main, manifest_of
from schemas.bundle import BUNDLED, fingerprint
from tests.releases import (
    ADDED,
    BASE,
    BASE_RULES,
    FIRST,
    FIRST_DAY,
    FIRST_NOTES,
    FLAG,
    GONE_LATER,
    LONG_GONE,
    LOST,
    OLD,
    REPLACEMENT,
    SECOND,
    SECOND_DAY,
    STANDING,
    URL,
    WITHDRAWN,
    WITHDRAWN_NEXT,
    rewrite,
    russian,
    state_of,
    withdraw,
    write_notes,
)

LANGUAGES = ["en", "ru"]
UPDATES = list(combinations((BASE, FIRST, SECOND), 2))
EARLY = "2026-11-22"


def key(entry: dict) -> tuple[str, str]:
    return entry["type"], entry["id"]


def up_to_date(held: dict, delta: dict) -> dict:
    """`held` with `delta` put into it, as the contract tells a client to."""
    order = [key(entry) for entry in delta["manifest"]]
    whole = {name: value for name, value in delta.items() if name != "since"}
    for name in BUNDLED:
        known = {key(item): item for item in (*held[name], *delta[name])}
        whole[name] = [known[entry] for entry in order if entry in known]
    return whole


def compared(bundle: dict) -> dict:
    """`bundle` without what tells the answer, not the content."""
    links = {name: url for name, url in bundle["links"].items() if name != "self"}
    return {**bundle, "links": links}


def items_of(bundle: dict) -> list[dict]:
    return [item for name in BUNDLED for item in bundle[name]]


def files(folder: Path) -> dict[Path, bytes]:
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_content_of_the_repository_is_released(library):
    newest = library.catalogue(library.original).releases[0]
    recorded = newest.content, list((newest.manifest or {}).items())
    found = manifest_of(load_library(CONTENT, PUBLIC_URL))
    same = recorded == (digest(CONTENT), list(found.items()))
    assert same, "content/ or what is published of it has changed: run `make release`"


def test_a_release_is_a_version_of_its_month(history):
    assert history.first.record(FIRST)["released_on"].isoformat() == FIRST_DAY
    assert history.second.record(SECOND)["released_on"].isoformat() == SECOND_DAY
    for version, state in history.released.items():
        release = state.library.release
        assert release.version == version
        assert not release.is_draft
        assert release == state.library.catalogue("en").releases[0]


def test_releases_come_newest_first_in_order_of_time(history):
    releases = history.second.library.catalogue("ru").releases
    assert [r.version for r in releases] == [SECOND, FIRST, BASE, *reversed(OLD)]


def test_a_release_records_what_its_bundles_hold(history):
    """Taken from the released content, in which the rules have their new version."""
    manifest = history.first.record(FIRST)["manifest"]
    found = manifest_of(load_library(history.first.folder, PUBLIC_URL))
    assert list(manifest.items()) == list(found.items())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bundle_has_everything_in_the_order_of_its_release(history, language):
    for version, state in history.released.items():
        addresses = [f"{URL}/v1/{item}" for item in state.record(version)["manifest"]]
        manifest = state.bundle(language)["manifest"]
        assert [entry["href"] for entry in manifest] == addresses


def test_the_version_of_the_rules_moves_only_with_the_rules(history):
    versions = {v: s.record(v)["ruleset_version"] for v, s in history.released.items()}
    assert versions == {BASE: BASE_RULES, FIRST: FIRST, SECOND: FIRST}
    for version, state in history.released.items():
        rules = state.client.get("/v1/risk-rules").get_json()
        assert rules["ruleset_version"] == versions[version]


def test_a_release_says_what_changed_in_which_languages_and_why(history):
    record = history.first.record(FIRST)
    told = [{**change, "items": ...} for change in record["changes"]]
    assert record["summary"] == FIRST_NOTES["summary"]
    assert told == [{**note, "items": ...} for note in FIRST_NOTES["changes"]]
    rules, tips, words = ({e["item"]: e for e in c["items"]} for c in record["changes"])
    assert {item: (e["change"], e["languages"]) for item, e in rules.items()} == {
        FLAG: ("changed", ["en", "ru"]),
        "risk-rules": ("changed", ["en", "ru"]),
    }
    assert tips == {
        WITHDRAWN: {
            "item": WITHDRAWN,
            "change": "withdrawn",
            "replaced_by": REPLACEMENT,
        },
        LOST: {"item": LOST, "change": "withdrawn"},
    }
    assert {item: (e["change"], e["languages"]) for item, e in words.items()} == {
        ADDED: ("added", ["en", "ru"]),
        "causes/alcohol": ("changed", ["en"]),
        "causes/cold-surroundings": ("changed", ["ru"]),
        "causes/other-medicines": ("changed", ["en", "ru"]),
    }


def test_a_release_leaves_the_one_before_and_all_content_untouched(history):
    before, after = files(history.ready), files(history.first.folder)
    left = {path: data for path, data in before.items() if path in after}
    dropped = {Path(f"releases/{version}.yaml") for version in OLD[:2]}
    assert {path for path in left if left[path] != after[path]} == dropped
    for place in (Path("releases"), Path("translations/ru/releases")):
        assert (place / "next.yaml") in before.keys() - after.keys()
        assert (place / f"{FIRST}.yaml") in after.keys() - before.keys()
    assert len(before) == len(after)


def test_released_content_has_no_problem(history):
    content = check_content(history.second.folder)
    assert (content.problems, content.outdated) == ([], [])


def test_only_the_newest_manifests_are_kept_and_all_changes_are(history):
    state = history.second
    recorded = [path.stem for path in (state.folder / "releases").glob("*.yaml")]
    newest = sorted(recorded, key=version_key)[-MANIFESTS_KEPT:]
    assert MANIFESTS_KEPT == len(newest) == 12
    for version in recorded:
        record = state.record(version)
        assert ("manifest" in record) is (version in newest)
    for version in OLD:
        before = history.base.record(version)
        now = state.record(version)
        assert {**before, "manifest": ...} == {**now, "manifest": ...}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("old", "new"), UPDATES)
def test_a_copy_brought_up_to_date_is_a_fresh_bundle(history, old, new, language):
    held = history.released[old].bundle(language)
    state = history.released[new]
    fresh, delta = state.bundle(language), state.bundle(language, since=old)
    assert delta["since"] == old
    assert 0 < len(items_of(delta)) < 10 < len(items_of(fresh))
    merged = up_to_date(held, delta)
    assert compared(merged) == compared(fresh)
    prints = {key(entry): entry["sha256"] for entry in fresh["manifest"]}
    assert {key(i): fingerprint(i) for i in items_of(merged)} == prints


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_copy_brought_up_to_date_step_by_step_is_a_fresh_bundle(history, language):
    held = history.base.bundle(language)
    for state in (history.first, history.second):
        answer = state.client.get(held["links"]["next_changes"])
        held = up_to_date(held, answer.get_json())
        assert compared(held) == compared(state.bundle(language))


def test_changes_are_those_of_the_language_asked_for(history):
    changed = {
        language: {
            i["id"] for i in history.first.bundle(language, since=BASE)["causes"]
        }
        for language in LANGUAGES
    }
    both = {"alcohol-at-night", "other-medicines"}
    assert changed == {"en": both | {"alcohol"}, "ru": both | {"cold-surroundings"}}


def test_the_rules_come_with_changes_that_concern_them_only(history):
    assert len(history.first.bundle("en", since=BASE)["risk_rules"]) == 1
    assert history.second.bundle("en", since=FIRST)["risk_rules"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tombstoned_item_is_gone_from_a_copy_brought_up_to_date(history, language):
    held = history.base.bundle(language)
    delta = history.second.bundle(language, since=BASE)
    before = {key(item) for item in items_of(held)}
    after = {key(item) for item in items_of(up_to_date(held, delta))}
    stones = {key(stone) for stone in delta["tombstones"]}
    ids = {item.partition("/")[2] for item in (WITHDRAWN, LOST, WITHDRAWN_NEXT)}
    assert {id for _, id in before - after} == ids
    assert before - after < stones
    assert not stones & after


def test_every_bundle_has_every_tombstone(history):
    items = (LONG_GONE, GONE_LATER, WITHDRAWN, LOST, WITHDRAWN_NEXT)
    for query in ({}, {"since": BASE}, {"since": FIRST}, {"since": SECOND}):
        stones = history.second.bundle("en", **query)["tombstones"]
        assert [stone["id"] for stone in stones] == [
            item.partition("/")[2] for item in items
        ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("item", "version", "replacement"),
    [
        (WITHDRAWN, FIRST, REPLACEMENT),
        (WITHDRAWN_NEXT, SECOND, STANDING),
        (LOST, FIRST, None),
        (LONG_GONE, OLD[0], STANDING),
        (GONE_LATER, OLD[1], STANDING),
    ],
)
def test_a_withdrawn_item_says_so_and_what_to_show_instead(
    history, item, version, replacement, language
):
    client = history.second.client
    answer = client.get(f"/v1/{item}", headers={"Accept-Language": language})
    problem = answer.get_json()
    stone = problem["tombstone"]
    assert answer.status_code == problem["status"] == 410
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Content-Language"] == language
    assert problem["type"] == f"{URL}/problems/withdrawn"
    assert f"{version}: {stone['reason']}" in problem["detail"]
    assert stone["reason"].startswith("По-русски: ") is (language == "ru")
    assert stone["withdrawn_in"] == version
    assert stone in history.second.bundle(language)["tombstones"]
    if replacement is None:
        assert "replaced_by" not in stone
    else:
        assert stone["replaced_by"] == f"{URL}/v1/{replacement}"
        assert stone["replaced_by"] in problem["detail"]
        assert client.get(stone["replaced_by"]).status_code == 200


def test_a_withdrawn_item_was_there_before_and_another_id_never_was(history):
    assert history.base.client.get(f"/v1/{LOST}").status_code == 200
    assert history.second.client.get(f"/v1/{LOST}-").status_code == 404


def test_a_replacement_that_is_withdrawn_in_turn_is_followed(history, tmp_path):
    folder = shutil.copytree(history.second.folder, tmp_path / "content")
    withdraw(folder, REPLACEMENT)
    item = {"item": REPLACEMENT, "replaced_by": STANDING}
    note = {"id": "gone", "grade": "guidance", "reason": "No use.", "items": [item]}
    write_notes(folder, {"id": "next", "summary": "Less.", "changes": [note]})
    assert main([str(folder), "--on", SECOND_DAY]) == 0
    client = state_of(folder).client
    for id in (WITHDRAWN, REPLACEMENT):
        stone = client.get(f"/v1/{id}").get_json()["tombstone"]
        assert stone["replaced_by"] == f"{URL}/v1/{STANDING}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_has_changed_since_the_version_at_hand(history, language):
    bundle = history.second.bundle(language, since=SECOND)
    assert items_of(bundle) == []
    assert bundle["manifest"] == history.second.bundle(language)["manifest"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("since", "status", "kind"),
    [
        ("2026.11.8", 404, "no-such-version"),
        ("2026.12.0-draft", 404, "no-such-version"),
        ("2030.01.0", 404, "no-such-version"),
        ("2026.11.09", 404, "no-such-version"),
        ("«?»", 404, "no-such-version"),
        ("", 404, "no-such-version"),
        (OLD[0], 410, "version-too-old"),
        (OLD[2], 410, "version-too-old"),
    ],
)
def test_who_cannot_be_told_the_changes_is_told_of_the_whole_bundle(
    history, since, status, kind, language
):
    client = history.second.client
    query = {"since": since, "lang": language}
    problem = client.get("/v1/bundle", query_string=query).get_json()
    assert problem["status"] == status
    assert problem["type"] == f"{URL}/problems/{kind}"
    assert since in problem["detail"]
    assert problem["whole"] == f"{URL}/v1/bundle?lang={language}"
    whole = client.get(problem["whole"]).get_json()
    assert whole == history.second.bundle(language)


def test_content_changed_after_its_release_is_a_draft(history):
    state = history.draft
    bundle = state.bundle("en")
    assert bundle["content_version"] == f"{SECOND}-draft"
    assert "Beer and wine" in [cause["title"] for cause in bundle["causes"]]
    service = state.client.get("/v1").get_json()
    assert service["content_version"] == f"{SECOND}-draft"
    for since in (SECOND, f"{SECOND}-draft"):
        answer = state.client.get(f"/v1/bundle?since={since}")
        assert answer.status_code == 404


@pytest.fixture(scope="module")
def ready(history, tmp_path_factory) -> Path:
    """A folder that could be released as FIRST, but for what a test does to it."""
    return shutil.copytree(history.ready, tmp_path_factory.mktemp("ready") / "content")


@pytest.fixture(scope="module")
def prepared(ready):
    """What is made of `ready` whatever its notes are, made once."""
    library = load_library(ready, PUBLIC_URL)
    return library, manifest_of(library)


@pytest.fixture
def refused(ready, prepared, monkeypatch, capsys):
    """What is said of notes that are refused, without a byte of the folder changed."""
    library, manifest = prepared
    monkeypatch.setattr("api.release.load_library", lambda *_: library)
    monkeypatch.setattr("api.release.manifest_of", lambda _: manifest)

    def said(notes: dict, on: str = FIRST_DAY, spoil=lambda folder: None) -> list[str]:
        write_notes(ready, notes)
        spoil(ready)
        return refusal(ready, on, capsys)

    return said


def refusal(folder: Path, on: str, capsys) -> list[str]:
    before = files(folder)
    assert main([str(folder), "--on", on]) == 1
    assert files(folder) == before
    said = capsys.readouterr()
    assert said.out == ""
    *reasons, last = said.err.replace(f"{folder}/", "").splitlines()
    assert last == "nothing was released"
    return reasons


def with_notes(change) -> dict:
    """The notes of FIRST after `change` has been at each of them."""
    notes = deepcopy(FIRST_NOTES)
    change(*notes["changes"])
    return notes


def more(note: dict, item: str, **named: str) -> None:
    note["items"].append({"item": item, **named})


MISFITS = {
    "named twice": (
        lambda rules, tips, words: more(tips, "risk-rules"),
        ["risk-rules: stands in 2 places"],
    ),
    "unchanged": (
        lambda rules, tips, words: more(tips, "causes/diabetes"),
        ["causes/diabetes: has not changed"],
    ),
    "unknown": (
        lambda rules, tips, words: more(tips, "causes/no-such"),
        ["causes/no-such: has not changed"],
    ),
    "still there": (
        lambda rules, tips, words: more(tips, ADDED, replaced_by=STANDING),
        [f"{ADDED}: is still there, and cannot be replaced"],
    ),
    "withdrawn without a name": (
        lambda rules, tips, words: tips["items"].pop(),
        [f"withdrawn {LOST}: must be named in a note"],
    ),
    "replaced by nothing": (
        lambda rules, tips, words: tips["items"][0].update(replaced_by="causes/no"),
        [f"{WITHDRAWN}: there is no 'causes/no' to replace it"],
    ),
    "replaced by itself": (
        lambda rules, tips, words: tips["items"][0].update(replaced_by=WITHDRAWN),
        [f"{WITHDRAWN}: there is no '{WITHDRAWN}' to replace it"],
    ),
    "replaced by what goes with it": (
        lambda rules, tips, words: tips["items"][0].update(replaced_by=LOST),
        [f"{WITHDRAWN}: there is no '{LOST}' to replace it"],
    ),
    "replaced by the rules": (
        lambda rules, tips, words: tips["items"][0].update(replaced_by="risk-rules"),
        [f"{WITHDRAWN}: there is no 'risk-rules' to replace it"],
    ),
    "late": (
        lambda rules, tips, words: rules.update(act_by="2026-11-23"),
        ["longer-cramps: act_by 2026-11-23 is before the release"],
    ),
    "safety without a date": (
        lambda rules, tips, words: rules.pop("act_by"),
        [
            "releases/next.yaml:4: changes.0.act_by:"
            " stands with a safety change, and only there"
        ],
    ),
    "everything": (
        lambda rules, tips, words: (more(tips, "causes/no"), tips["items"].pop(1)),
        [
            "causes/no: has not changed",
            f"withdrawn {LOST}: must be named in a note",
        ],
    ),
}


@pytest.mark.parametrize(("change", "reasons"), MISFITS.values(), ids=MISFITS)
def test_notes_that_do_not_fit_are_refused(refused, change, reasons):
    assert refused(with_notes(change)) == reasons


def test_safety_without_a_reason_is_refused(refused):
    def spoil(folder: Path) -> None:
        rewrite(folder / "releases/next.yaml", "  reason: A cramp", "  why: A cramp")

    assert refused(FIRST_NOTES, spoil=spoil) == [
        "releases/next.yaml:4: changes.0.reason: Missing data for required field.",
        "releases/next.yaml:6: changes.0.why: unknown key",
    ]


def test_an_outdated_translation_is_refused(refused):
    def spoil(folder: Path) -> None:
        rewrite(russian(folder) / "releases/next.yaml", "translates: ", "translates: o")

    (reason,) = refused(FIRST_NOTES, spoil=spoil)
    assert reason.startswith("translations/ru/releases/next.yaml:1: the English text")


def test_changes_without_any_notes_are_refused(refused):
    def spoil(folder: Path) -> None:
        for half in (folder, russian(folder)):
            (half / "releases/next.yaml").unlink()

    asked, *items = refused(FIRST_NOTES, spoil=spoil)
    assert asked == "write releases/next.yaml: why did these change?"
    assert {f"  changed {FLAG}", f"  added {ADDED}", f"  withdrawn {LOST}"} < set(items)
    assert len(items) == 8


def test_content_that_has_not_changed_is_not_released_again(history, tmp_path, capsys):
    folder = shutil.copytree(history.first.folder, tmp_path / "content")
    reasons = refusal(folder, SECOND_DAY, capsys)
    assert reasons == [f"nothing has changed since {FIRST}"]


def test_an_item_without_a_note_is_refused(refused):
    notes = deepcopy(FIRST_NOTES)
    notes["changes"].pop()
    assert refused(notes) == [
        "changed causes/alcohol: no note says why",
        f"added {ADDED}: no note says why",
        "changed causes/cold-surroundings: no note says why",
        "changed causes/other-medicines: no note says why",
    ]


def test_two_notes_for_all_the_rest_are_refused(refused):
    notes = deepcopy(FIRST_NOTES)
    notes["changes"].append({**notes["changes"][-1], "id": "spelling"})
    assert refused(notes) == ["wording, spelling: only one note can be without items"]


@pytest.mark.parametrize("day", ["2025-12-31", "2026-10-31", "2026-11-19"])
def test_a_day_before_the_last_release_is_refused(refused, day):
    assert refused(FIRST_NOTES, day) == [f"{day} is before the last release, {BASE}"]
