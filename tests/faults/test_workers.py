"""A worker that is killed under load takes with it no more than it was answering."""

import os
import signal
import time

from tests.faults.services import running
from tests.traffic import CLIENTS, Traffic

KILLS = 3
SECONDS_TO_BE_REPLACED = 3
SECONDS_BETWEEN_KILLS = 6
"""Two deaths of one worker within 5.5 seconds end the service: it may be hopeless."""

BROKEN = ("RemoteDisconnected", "ConnectionResetError", "BrokenPipeError")
"""What becomes of a request whose worker dies. It is no answer, so it may be repeated;
behind a balancer its client does not even see that (tests/test_replicas.py)."""


def kill_one(service) -> float:
    """Seconds until there are as many workers as before."""
    before = service.workers()
    os.kill(before[0], signal.SIGKILL)
    killed = time.monotonic()
    while len(set(service.workers()) - {before[0]}) < len(before):
        assert time.monotonic() < killed + SECONDS_TO_BE_REPLACED
        time.sleep(0.01)
    return time.monotonic() - killed


def test_a_killed_worker_is_replaced_while_the_others_answer(tmp_path, report):
    with running(tmp_path) as service:
        with Traffic(service.port, service.expected()) as traffic:
            traffic.go_on()
            seconds, answered = [], []
            for _ in range(KILLS):
                seconds.append(kill_one(service))
                answered.append(traffic.go_on())
                time.sleep(SECONDS_BETWEEN_KILLS)
        assert service.process.poll() is None
        assert service.stop() == 0
    assert [
        wrong for wrong in traffic.wrong if not any(b in wrong for b in BROKEN)
    ] == []
    assert len(traffic.wrong) <= KILLS * CLIENTS
    assert min(answered) > 0, answered
    right, lost = len(traffic.right), len(traffic.wrong)
    report(
        f"workers: {KILLS} killed with SIGKILL, replaced in {max(seconds):.2f} s;"
        f" {right} right answers, {lost} requests cut off, 0 wrong answers"
    )
