"""Metrics of several processes, read while they are written."""

import pytest

from api.telemetry import metrics
from api.telemetry.metrics import TRIES, Metrics


@pytest.fixture
def torn(monkeypatch, tmp_path):
    """Makes so many readings fail, as of a file that is being written."""
    left = []

    def collect(registry, path):
        if left:
            raise left.pop()

    monkeypatch.setattr(metrics, "MultiProcessCollector", collect)
    several = Metrics()
    several.folder = tmp_path

    def tear(times: int) -> Metrics:
        left[:] = [RuntimeError("read beyond the end of the file")] * times
        return several

    return tear


def test_a_file_that_is_being_written_is_read_again(torn):
    assert torn(TRIES - 1).exposition() == b""


def test_what_never_can_be_read_is_an_error(torn):
    with pytest.raises(RuntimeError):
        torn(TRIES).exposition()
