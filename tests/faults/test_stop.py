"""An orderly stop answers every request that was let in."""

import json
import time

from tests.faults.services import running
from tests.traffic import Traffic

STOPS = 5
REFUSED = "ConnectionRefusedError"
"""Nobody listens any more: the client knows at once that nothing was done."""


def stop_under_traffic(folder) -> tuple[int, list[str]]:
    """How many right answers there were, and what else."""
    with (
        running(folder) as service,
        Traffic(service.port, service.expected()) as traffic,
    ):
        traffic.go_on()
        assert service.stop() == 0
    return len(traffic.right), [w for w in traffic.wrong if REFUSED not in w]


def test_a_stop_loses_no_request(tmp_path, report):
    right, wrong = 0, []
    for number in range(STOPS):
        folder = tmp_path / str(number)
        folder.mkdir()
        answered, lost = stop_under_traffic(folder)
        right += answered
        wrong += lost
    assert wrong == []
    report(f"stop: {STOPS} times under traffic, {right} right answers, 0 requests lost")


def test_before_a_stop_balancers_and_clients_are_told_to_leave(tmp_path):
    with running(tmp_path) as service:
        connection = service.connect()
        connection.request("GET", "/v1/causes/alcohol")
        answer = connection.getresponse()
        answer.read()
        assert answer.headers["Connection"] is None
        service.process.terminate()
        time.sleep(0.5)
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        problem = json.loads(answer.read())
        assert (answer.status, problem["status"]) == (503, 503)
        assert answer.headers["Connection"] == "close"
        assert answer.headers["Retry-After"]
        assert service.process.wait(30) == 0


def test_a_second_request_to_stop_is_heeded_at_once(tmp_path):
    with running(tmp_path) as service:
        service.process.terminate()
        time.sleep(0.1)
        asked = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - asked < 0.8
