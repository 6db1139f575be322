"""What may follow a release, and how a release is recorded."""

import copy
import json

import pytest

from api.compatibility import releases
from api.compatibility.__main__ import main
from api.compatibility.releases import Refused, objections, record, released
from tests.compatibility.descriptions import an_object, described, giving

TEXT = {"type": "string"}


def thing(version: str, **properties) -> dict:
    return giving(an_object(**properties)) | {"info": {"version": version}}


def after(*descriptions: dict) -> dict:
    return {releases.version_of(found): found for found in descriptions}


OLD = thing("1.2.0", a=TEXT)
ALLOWED = {
    "the same": OLD,
    "a patch of the same": thing("1.2.1", a=TEXT),
    "other words": thing("1.2.0", a=TEXT | {"description": "A"}),
    "an addition in a minor": thing("1.3.0", a=TEXT, b=TEXT),
    "a break in a major": thing("2.0.0"),
}
REFUSED = {
    "an addition without a version": (thing("1.2.0", a=TEXT, b=TEXT), "new minor"),
    "an addition in a patch": (thing("1.2.1", a=TEXT, b=TEXT), "new minor"),
    "a break in a minor": (thing("1.3.0"), "response-property-removed"),
    "a version before": (thing("1.1.9", a=TEXT), "lower than 1.2.0"),
    "a major before": (thing("0.9.0", a=TEXT), "lower than 1.2.0"),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_this_may_follow_a_release(case):
    assert objections(ALLOWED[case], after(OLD)) == []


@pytest.mark.parametrize("case", REFUSED)
def test_this_may_not_follow_a_release(case):
    current, reason = REFUSED[case]
    (problem,) = objections(current, after(OLD))
    assert reason in problem


def test_a_break_without_a_version_is_two_problems():
    problems = objections(thing("1.2.0"), after(OLD))
    assert len(problems) == 2
    assert "API_VERSION in api/web/version.py" in problems[0]


def test_the_newest_release_counts_and_not_the_last_by_name():
    known = after(thing("1.10.0", a=TEXT, b=TEXT), thing("1.9.0", a=TEXT))
    (problem,) = objections(thing("1.11.0", a=TEXT), known)
    assert problem.startswith("response-property-removed")


def test_without_any_release_nothing_can_be_said():
    (problem,) = objections(OLD, {})
    assert "make release-api" in problem


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An openapi/ of its own, with no release and the description OLD."""
    monkeypatch.setattr(releases, "DESCRIPTION", tmp_path / "v1.json")
    monkeypatch.setattr(releases, "RELEASES", tmp_path / "releases")
    write(tmp_path, OLD)
    return tmp_path


def write(folder, description, name="v1.json"):
    (folder / name).write_text(json.dumps(description), encoding="utf-8")


def test_the_first_release_is_a_copy(folder):
    path = record(folder / "v1.json", folder / "releases")
    assert path == folder / "releases" / "1.2.0.json"
    assert path.read_bytes() == (folder / "v1.json").read_bytes()
    assert released(folder / "releases") == after(OLD)


def test_a_release_is_never_overwritten(folder):
    path = record(folder / "v1.json", folder / "releases")
    was = path.read_bytes()
    write(folder, ALLOWED["other words"])
    assert record(folder / "v1.json", folder / "releases") == path
    write(folder, thing("1.2.0", a=TEXT, b=TEXT))
    with pytest.raises(Refused, match="new minor"):
        record(folder / "v1.json", folder / "releases")
    assert path.read_bytes() == was


@pytest.mark.parametrize("case", REFUSED)
def test_what_may_not_follow_is_not_recorded(folder, case):
    record(folder / "v1.json", folder / "releases")
    write(folder, REFUSED[case][0])
    with pytest.raises(Refused):
        record(folder / "v1.json", folder / "releases")
    assert list(released(folder / "releases")) == [(1, 2, 0)]


def test_a_release_under_a_false_name_is_refused(folder):
    path = record(folder / "v1.json", folder / "releases")
    path.rename(path.with_name("1.3.0.json"))
    with pytest.raises(Refused, match="has the version 1.2.0"):
        released(folder / "releases")


def test_the_command_holds_the_committed_against_the_released(folder, capsys):
    assert main([]) == 1
    assert "is empty" in capsys.readouterr().out
    assert main(["--release"]) == 0
    assert main([]) == 0
    write(folder, thing("1.3.0", b=TEXT))
    capsys.readouterr()
    assert main([]) == 1
    assert main(["--release"]) == 1
    said = capsys.readouterr().out
    assert "response-property-removed: GET /things/{id}: #/paths/" in said
    write(folder, thing("2.0.0", b=TEXT))
    assert main(["--release"]) == 0
    assert list(released(folder / "releases")) == [(1, 2, 0), (2, 0, 0)]


def test_the_command_compares_any_two(folder, capsys):
    write(folder, thing("1.2.0"), "broken.json")
    write(folder, thing("2.0.0"), "major.json")
    names = ("v1.json", "broken.json", "major.json")
    old, broken, major = (str(folder / name) for name in names)
    assert main([old, old]) == main([old, major]) == main([broken, old]) == 0
    assert main([old, broken]) == 1
    assert "1 problems" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main([old])


def test_the_command_says_what_it_cannot_read(folder, capsys):
    lost = described(requestBody={"$ref": "#/components/requestBodies/Lost"})
    write(folder, lost, "lost.json")
    assert main([str(folder / "lost.json")] * 2) == 1
    assert "leads nowhere" in capsys.readouterr().out


def test_reading_changes_nothing():
    before, known = copy.deepcopy(OLD), after(OLD)
    objections(thing("1.2.0"), known)
    assert before == OLD
