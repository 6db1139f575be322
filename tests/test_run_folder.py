"""Where processes meet: theirs alone, whole or not at all, and gone in the end."""

import stat

from api.run_folder import Flag, RunFolder, run_folder


def test_nobody_else_may_look_or_write():
    with run_folder() as folder:
        mode = folder.library.parent.stat().st_mode
        assert stat.S_IMODE(mode) == 0o700


def test_it_is_gone_in_the_end():
    with run_folder() as folder:
        root = folder.library.parent
        folder.stopping.hoist()
        assert root.is_dir()
    assert not root.exists()


def test_without_a_folder_in_memory_there_is_one_on_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("api.run_folder.MEMORY", tmp_path / "nowhere")
    with run_folder() as folder:
        assert folder.library.parent.is_dir()


def test_a_library_that_was_given_can_be_taken(tmp_path, library):
    folder = RunFolder(tmp_path)
    assert folder.stamp() == 0
    folder.give(library)
    first = folder.stamp()
    assert first != 0
    assert folder.take() == library
    folder.give(library)
    assert folder.stamp() != first
    assert [path.name for path in tmp_path.iterdir()] == ["library.pickle"]


def test_a_flag_is_up_or_down_for_everybody(tmp_path):
    ours, theirs = Flag(tmp_path / "flag"), Flag(tmp_path / "flag")
    assert not theirs
    ours.hoist()
    ours.hoist()
    assert theirs
    theirs.lower()
    theirs.lower()
    assert not ours
