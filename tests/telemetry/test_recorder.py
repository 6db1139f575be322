"""Requests become counts, durations and lines, without making anybody wait."""

import json

import pytest

from api.telemetry.identity import Identity
from api.telemetry.logs import AT_ONCE
from api.telemetry.metrics import Metrics
from api.telemetry.recorder import LONGEST_QUEUE, Record, Recorder

CAUSE = "/v1/causes/<string:id>"


class Written:
    """Stands in for the log."""

    def __init__(self):
        self.batches = []

    def write(self, *lines):
        self.batches.append(lines)

    @property
    def records(self):
        return [json.loads(line) for batch in self.batches for line in batch]


def record(**other) -> Record:
    usual = {
        "at": 1795642820.25,
        "identity": Identity("3f2a"),
        "method": "GET",
        "route": CAUSE,
        "status": 200,
        "size": 1234,
        "seconds": 0.0042,
    }
    return Record(**(usual | other))


def recorded(*records, log="all"):
    metrics, written = Metrics(), Written()
    recorder = Recorder(metrics, written, log)
    for one in records:
        recorder.put(one)
    recorder.empty()
    return metrics, written


def test_a_request_has_one_line_with_all_that_operators_need():
    _, written = recorded(record())
    assert written.records == [
        {
            "time": "2026-11-25T21:40:20.250000+00:00",
            "level": "info",
            "event": "request",
            "route": CAUSE,
            "method": "GET",
            "status": 200,
            "bytes": 1234,
            "milliseconds": 4.2,
            "request_id": "3f2a",
        }
    ]


def test_a_traced_request_names_its_trace():
    _, written = recorded(record(identity=Identity("a", "trace", "parent")))
    assert written.records[0]["trace_id"] == "trace"
    assert written.records[0]["parent_id"] == "parent"


@pytest.mark.parametrize(
    ("log", "statuses"),
    [("all", [200, 304, 404, 500, 503]), ("errors", [500, 503]), ("none", [])],
)
def test_the_setting_says_which_requests_have_a_line(log, statuses):
    requests = [record(status=status) for status in (200, 304, 404, 500, 503)]
    _, written = recorded(*requests, log=log)
    assert [line["status"] for line in written.records] == statuses


def test_every_request_is_counted_whatever_is_logged():
    metrics, _ = recorded(*[record(seconds=None)] * 3, record(status=404), log="none")
    assert (
        f'requests_total{{method="GET",ready="yes",route="{CAUSE}",status="200"}} 3.0'
        in metrics.exposition().decode()
    )
    assert (
        f'requests_total{{method="GET",ready="no",route="{CAUSE}",status="404"}} 1.0'
        in metrics.exposition().decode()
    )


def test_only_what_was_worked_for_has_a_duration():
    metrics, _ = recorded(record(seconds=None), record(seconds=0.5))
    count = f'nightcramp_request_duration_seconds_count{{route="{CAUSE}"}} 1.0'
    assert count in metrics.exposition().decode()


def test_made_up_methods_are_one():
    metrics, written = recorded(record(method="A" * 5000), record(method="B"))
    text = metrics.exposition().decode()
    assert 'requests_total{method="other",ready="no",' in text
    assert "AAAA" not in text
    assert written.records[0]["method"] == "A" * 16


def test_no_batch_is_more_than_a_pipe_takes_in_one_piece():
    long = [Identity("x" * (1 + n * 7 % 128)) for n in range(500)]
    _, written = recorded(*(record(identity=identity) for identity in long))
    assert [line["request_id"] for line in written.records] == [i.request for i in long]
    assert len(written.batches) > 10
    for batch in written.batches:
        assert sum(len(line) + 1 for line in batch) <= AT_ONCE


def test_of_too_many_the_oldest_are_lost():
    requests = (record(size=number) for number in range(LONGEST_QUEUE + 10))
    _, written = recorded(*requests)
    assert len(written.records) == LONGEST_QUEUE
    assert written.records[0]["bytes"] == 10


def test_what_is_left_is_recorded_at_the_end():
    metrics, written = Metrics(), Written()
    recorder = Recorder(metrics, written, "all")
    recorder.start()
    recorder.put(record())
    recorder.stop()
    assert len(written.records) == 1


def ready_answers(metrics) -> float | None:
    labels = {"route": CAUSE, "method": "GET", "status": "200", "ready": "yes"}
    return metrics.registry.get_sample_value("nightcramp_requests_total", labels)


def test_an_answer_that_is_only_counted_is_counted_once_it_has_settled():
    metrics = Metrics()
    recorder = Recorder(metrics, Written(), "errors")
    recorder.count(CAUSE, "GET", 200)
    recorder.empty()
    assert ready_answers(metrics) is None
    recorder.count(CAUSE, "GET", 200)
    recorder.empty()
    assert ready_answers(metrics) == 1
    recorder.empty()
    recorder.empty()
    assert ready_answers(metrics) == 2


def test_no_answer_that_is_only_counted_is_lost_at_the_end():
    metrics = Metrics()
    recorder = Recorder(metrics, Written(), "errors")
    recorder.start()
    for _ in range(1000):
        recorder.count(CAUSE, "GET", 200)
    recorder.stop()
    assert ready_answers(metrics) == 1000
