"""Every mistake an editor can make is refused, at the line where it stands.

A file in bad/ is one mistake: its first line says where in content/ it is put, the
second what the check must print. To add a case, add a file.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.check_content import CONTENT, main

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))

NOTES = Path(__file__).parent / "bad/notes-without-a-translation.yaml"


@pytest.fixture(scope="module")
def content(tmp_path_factory) -> Path:
    return shutil.copytree(CONTENT, tmp_path_factory.mktemp("bad") / "content")


@contextmanager
def put(mistake: Path, place: Path) -> Iterator[None]:
    """`mistake` as the file `place`, which is afterwards as it was."""
    before = place.read_bytes() if place.exists() else None
    shutil.copyfile(mistake, place)
    try:
        yield
    finally:
        if before is None:
            place.unlink()
        else:
            place.write_bytes(before)


@contextmanager
def removed(path: Path, aside: Path) -> Iterator[None]:
    """No `path`, be it a file or a folder, and afterwards there again."""
    shutil.move(path, aside)
    try:
        yield
    finally:
        shutil.move(aside, path)


def lines_printed(content: Path, capsys) -> list[str]:
    return capsys.readouterr().out.replace(f"{content}/", "").splitlines()


def test_there_are_mistakes_to_refuse():
    assert BAD


@pytest.mark.parametrize("mistake", BAD, ids=lambda path: path.stem)
def test_a_mistake_is_refused_where_it_stands(mistake, content, capsys):
    at, expected = mistake.read_text(encoding="utf-8").splitlines()[:2]
    with put(mistake, content / at.removeprefix("# at: ")):
        assert main([str(content)]) == 1
    assert expected.removeprefix("# expect: ") in lines_printed(content, capsys)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("causes", "causes:0: no content here"),
        ("risk-questions", "risk-questions:0: no content here"),
        ("releases", "releases:0: no content here"),
        ("codes.yaml", "codes.yaml:0: is missing"),
        ("risk-rules/facts.yaml", "risk-rules/facts.yaml:0: is missing"),
        (
            "translations/ru/causes/alcohol.yaml",
            "translations/ru/causes/alcohol.yaml:0: is missing",
        ),
        (
            "translations/ru/risk-questions",
            "translations/ru/risk-questions/alcohol.yaml:0: is missing",
        ),
    ],
)
def test_what_is_not_there_is_missed(path, expected, content, tmp_path, capsys):
    with removed(content / path, tmp_path / "aside"):
        assert main([str(content)]) == 1
    assert expected in lines_printed(content, capsys)


def test_notes_for_the_next_release_are_no_release(content, tmp_path, capsys):
    with removed(content / "releases", tmp_path / "aside"):
        (content / "releases").mkdir()
        shutil.copyfile(NOTES, content / "releases/next.yaml")
        assert main([str(content)]) == 1
        shutil.rmtree(content / "releases")
    assert "releases:0: no content here" in lines_printed(content, capsys)


def test_a_folder_with_nothing_in_it_is_refused(tmp_path, capsys):
    assert main([str(tmp_path)]) == 1
    printed = lines_printed(tmp_path, capsys)
    assert "causes:0: no content here" in printed
    assert "service.yaml:0: is missing" in printed


def test_the_content_without_a_mistake_has_no_problem(content, capsys):
    """So that each refusal above is due to its mistake, which is gone again."""
    assert main([str(content), "--allow-outdated"]) == 0
    assert " 0 problems," in lines_printed(content, capsys)[-1]
