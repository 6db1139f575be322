"""Taking over a release: what is handed over, what is refused, what workers do."""

import time

import pytest

from api.loader import ContentError
from api.reload import Reloader
from api.run_folder import RunFolder
from api.telemetry.metrics import Metrics
from api.worker import heed


class App:
    """Stands in for a Flask app: all that matters is of which library it is."""

    def __init__(self, library):
        self.library = library


class Door:
    def __init__(self):
        self.served = []
        self.closing = False

    def serve(self, app):
        self.served.append(app.library.release.version)


@pytest.fixture
def folder(tmp_path):
    return RunFolder(tmp_path)


def reloader_of(folder, *loaded):
    """A reloader that loads these one after the other; an error is raised."""
    coming = iter(loaded)

    def load():
        found = next(coming)
        if isinstance(found, Exception):
            raise found
        return found

    return Reloader(load, App, folder, Metrics())


def app_of(reloader):
    app, stamp = reloader.current
    assert stamp == reloader.folder.stamp()
    return app


def reloads(reloader, outcome: str) -> float | None:
    labels = {"outcome": outcome}
    return reloader.metrics.registry.get_sample_value(
        "nightcramp_reloads_total", labels
    )


def test_a_release_that_loads_is_handed_over(folder, history):
    reloader = reloader_of(folder, history.first.library, history.second.library)
    assert folder.stamp() == 0
    reloader.reload()
    assert app_of(reloader).library is history.second.library
    assert folder.take() == history.second.library
    assert reloads(reloader, "handed over") == 1


@pytest.mark.parametrize(
    "error", [ContentError([]), RuntimeError("no such disk"), MemoryError()]
)
def test_one_that_does_not_is_refused_and_the_one_at_hand_stays(folder, history, error):
    reloader = reloader_of(folder, history.first.library, error)
    reloader.reload()
    assert app_of(reloader).library is history.first.library
    assert folder.stamp() == 0
    assert folder.refused
    assert reloads(reloader, "refused") == 1


def test_after_a_refusal_the_next_one_may_be_well(folder, history):
    reloader = reloader_of(
        folder, history.first.library, RuntimeError(), history.second.library
    )
    reloader.reload()
    reloader.reload()
    assert not folder.refused
    assert folder.take() == history.second.library


def test_at_start_there_is_nothing_to_go_on_with(folder):
    with pytest.raises(RuntimeError):
        reloader_of(folder, RuntimeError())


def until(condition) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_worker_takes_over_what_comes_after_its_start(folder, history):
    folder.give(history.first.library)
    door = Door()
    heed(folder, door, App, folder.stamp())
    second = history.second.library
    folder.give(second)
    until(lambda: door.served)
    assert door.served == [second.release.version]
    assert not door.closing
    folder.stopping.hoist()
    until(lambda: door.closing)


def test_a_worker_that_was_forked_before_a_release_takes_it_over(folder, history):
    before = folder.stamp()
    folder.give(history.first.library)
    door = Door()
    heed(folder, door, App, before)
    until(lambda: door.served)
    folder.stopping.hoist()
    until(lambda: door.closing)


def test_a_worker_that_starts_while_the_service_stops_closes_at_once(folder):
    folder.stopping.hoist()
    door = Door()
    heed(folder, door, App, 0)
    until(lambda: door.closing)
