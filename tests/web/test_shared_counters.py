"""Counters in a file that processes share: nothing is lost, and nobody is held up."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from limits import parse
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from api.web import shared_counters
from api.web.shared_counters import (
    BUCKET,
    SECOND,
    SIZE,
    SLOTS,
    SharedCounters,
    make_file,
)
from tests.servers import ROOT

PROCESSES, TIMES = 4, 2_000
MINUTE = 60

COUNTING = """
import sys
from api.web.shared_counters import SharedCounters
counters = SharedCounters(sys.argv[1])
print("counting", flush=True)
for number in range(int(sys.argv[2])):
    counters.count("everyone", 60)
    counters.count(f"own {sys.argv[3]} {number % 5}", 60)
"""

HOLDING = """
import sys, time
from api.web.shared_counters import SharedCounters
counters = SharedCounters(sys.argv[1])
digest, bucket = counters.table.place("everyone")
with counters.table.alone(bucket):
    print("held", flush=True)
    time.sleep(60)
"""


def run(script: str, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def uri(tmp_path) -> str:
    return make_file(tmp_path / "counters")


@pytest.fixture
def counters(uri) -> SharedCounters:
    return SharedCounters(uri)


@pytest.fixture
def clock(monkeypatch) -> Callable[[float], None]:
    """Sets the clock of the counters forward, or back, by seconds."""
    start, passed = shared_counters.now(), [0.0]
    monkeypatch.setattr(shared_counters, "now", lambda: start + int(passed[0] * SECOND))

    def move(seconds: float) -> None:
        passed[0] += seconds

    return move


def test_processes_that_count_at_once_lose_nothing(uri, counters):
    running = [run(COUNTING, uri, str(TIMES), str(n)) for n in range(PROCESSES)]
    assert [process.wait(60) for process in running] == [0] * PROCESSES
    for process in running:
        process.stdout.close()
    assert counters.get("everyone") == PROCESSES * TIMES
    for process in range(PROCESSES):
        for number in range(5):
            assert counters.get(f"own {process} {number}") == TIMES / 5


def fork(work: Callable[[], None]) -> int:
    """A fork of this process, all of whose life is `work`: it must never return."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return child


def test_forks_of_one_process_that_count_at_once_lose_nothing(counters):
    """As the workers of the server are: they have the file from their parent."""
    starting, started = os.pipe()

    def count() -> None:
        os.close(started)
        os.read(starting, 1)  # until the parent lets all of them go
        for _ in range(5 * TIMES):
            counters.count("everyone", MINUTE)

    children = [fork(count) for _ in range(PROCESSES)]
    os.close(started)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * PROCESSES
    os.close(starting)
    assert counters.get("everyone") == 5 * PROCESSES * TIMES


def test_threads_that_count_at_once_lose_nothing(uri):
    """Each with a storage of its own, as two apps in one process have."""
    storages = [SharedCounters(uri) for _ in range(PROCESSES)]

    def count(storage: SharedCounters) -> None:
        for _ in range(TIMES):
            storage.count("everyone", MINUTE)

    with ThreadPoolExecutor(PROCESSES) as pool:
        list(pool.map(count, storages))
    assert storages[0].get("everyone") == PROCESSES * TIMES


def test_threads_wait_for_each_other(uri):
    """Whichever storage of the process they count in: the kernel would let them in."""
    one, other = SharedCounters(uri), SharedCounters(uri)
    waiting = threading.Thread(target=other.count, args=("everyone", MINUTE))
    with one.table.alone(one.table.place("everyone")[1]):
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
    waiting.join(10)
    assert one.get("everyone") == 1


def test_a_process_killed_while_it_counts_holds_up_nobody(uri, counters):
    holder = run(HOLDING, uri)
    assert holder.stdout.readline() == "held\n"
    waiting = threading.Thread(target=counters.count, args=("everyone", MINUTE))
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive(), "the lock keeps nobody out"
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    waiting.join(10)
    assert not waiting.is_alive()
    assert counters.get("everyone") == 1


def test_processes_killed_again_and_again_leave_sound_counters(uri, counters):
    for number in range(10):
        process = run(COUNTING, uri, "1000000", "0")
        assert process.stdout.readline() == "counting\n"
        time.sleep(0.05 + number / 1000)
        process.kill()
        process.communicate()
    counted = counters.get("everyone")
    assert counted > 0
    assert counters.count("everyone", MINUTE).count == counted + 1
    assert 0 < counters.window("everyone").seconds <= MINUTE


def test_a_fork_does_not_wait_for_threads_that_stayed_behind(counters):
    with counters.table.lock:
        child = fork(lambda: counters.incr("everyone", MINUTE))
        deadline = time.monotonic() + 10
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.kill(child, signal.SIGKILL)
            time.sleep(0.01)
    assert counters.get("everyone") == 1


def test_a_window_ends_and_another_begins(counters, clock):
    for expected in (1, 2, 3):
        assert counters.count("one", MINUTE).count == expected
        clock(10)
    assert counters.window("one").count == 3
    assert counters.window("one").seconds == pytest.approx(30)
    clock(30)
    assert counters.window("one").count == 0
    again = counters.count("one", MINUTE)
    assert (again.count, again.seconds) == (1, pytest.approx(60))


@pytest.mark.parametrize("jump", [-1e6, -61, 61, 1e6])
def test_no_jump_of_the_clock_makes_a_window_that_stays(counters, clock, jump):
    clock(2e6)
    counters.count("one", MINUTE)
    clock(jump)
    window = counters.count("one", MINUTE)
    assert (window.count, window.seconds) == (1, pytest.approx(60))


def test_the_clock_of_the_wall_does_not_matter(counters, monkeypatch):
    counters.count("one", MINUTE)
    monkeypatch.setattr(shared_counters.time, "time", lambda: 0.0)
    assert counters.count("one", MINUTE).count == 2
    assert 0 < counters.get_expiry("one") <= MINUTE


def in_one_bucket(counters: SharedCounters, count: int) -> list[str]:
    """Keys that fall into the same bucket."""
    _, wanted = counters.table.place("one")
    found, number = ["one"], 0
    while len(found) < count:
        number += 1
        if counters.table.place(f"{number}")[1] == wanted:
            found.append(f"{number}")
    return found


def test_keys_of_one_bucket_are_counted_apart(counters):
    keys = in_one_bucket(counters, SLOTS)
    for times in (1, 2):
        assert {counters.count(key, MINUTE).count for key in keys} == {times}
    counters.clear(keys[0])
    assert [counters.get(key) for key in keys] == [0, *[2] * (SLOTS - 1)]


def test_where_all_is_full_the_first_to_end_makes_room(counters, clock):
    *keys, late, latest = in_one_bucket(counters, SLOTS + 2)
    for key in keys:
        counters.count(key, MINUTE)
        clock(0.1)
    first, second, *rest = keys
    counters.count(late, MINUTE)
    assert counters.get(first) == 0
    counters.count(latest, MINUTE)
    assert counters.get(second) == 0
    assert {counters.get(key) for key in (*rest, late, latest)} == {1}


def test_what_has_ended_makes_room_before_what_has_not(counters, clock):
    *keys, late = in_one_bucket(counters, SLOTS + 1)
    counters.count(keys[-1], 10)
    for key in keys[:-1]:
        counters.count(key, MINUTE)
    clock(11)
    counters.count(late, MINUTE)
    assert {counters.get(key) for key in (*keys[:-1], late)} == {1}


def test_many_clients_cost_no_more_room(uri, counters, tmp_path):
    for number in range(70_000):
        counters.count(f"{number}", MINUTE)
    assert (tmp_path / "counters").stat().st_size == SIZE
    kept = sum(counters.get(f"{number}") for number in range(70_000))
    assert 60_000 < kept <= 65_536


def test_no_key_stands_in_the_file_and_each_file_has_a_secret(tmp_path):
    files = [tmp_path / "one", tmp_path / "two"]
    for file in files:
        SharedCounters(make_file(file)).count("192.0.2.77", MINUTE)
    contents = [file.read_bytes() for file in files]
    assert b"192.0.2.77" not in contents[0]
    assert contents[0] != contents[1]
    digests = [SharedCounters(f"shared://{file}").table.place("x") for file in files]
    assert digests[0] != digests[1]
    assert files[0].stat().st_mode & 0o777 == 0o600


def test_a_full_disk_is_an_error_at_start(tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(OSError, match="No space left"):
        make_file(tmp_path / "counters")
    assert not (tmp_path / "counters").exists()


def test_all_of_the_file_is_taken_when_it_is_made(uri, tmp_path):
    assert (tmp_path / "counters").stat().st_blocks * 512 >= SIZE


def test_a_new_file_leaves_the_old_one_to_who_has_it(uri, counters, tmp_path):
    counters.count("one", MINUTE)
    again = SharedCounters(make_file(tmp_path / "counters"))
    assert again.count("one", MINUTE).count == 1
    assert counters.count("one", MINUTE).count == 2


@pytest.mark.parametrize("content", [b"", b"x" * SIZE, b"\0" * SIZE])
def test_what_is_no_file_of_counters_is_refused(tmp_path, content):
    (tmp_path / "counters").write_bytes(content)
    with pytest.raises(ConfigurationError, match="no file of counters"):
        SharedCounters(f"shared://{tmp_path}/counters")


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        SharedCounters(f"shared://{tmp_path}/counters")


def test_any_path_will_do(tmp_path):
    counters = SharedCounters(make_file(tmp_path / "a b%20ü?#"))
    assert counters.count("one", MINUTE).count == 1


def test_it_is_a_storage_for_limits(uri):
    limiter = FixedWindowRateLimiter(storage_from_string(uri))
    item = parse("2 per minute")
    assert [limiter.hit(item, "one") for _ in range(3)] == [True, True, False]
    stats = limiter.get_window_stats(item, "one")
    assert stats.remaining == 0
    assert 59 < stats.reset_time - time.time() <= 60
    assert limiter.storage.check()
    limiter.clear(item, "one")
    assert limiter.hit(item, "one")
    limiter.storage.reset()
    assert limiter.get_window_stats(item, "one").remaining == 2


def test_buckets_fill_the_file():
    assert (SIZE - shared_counters.START) % BUCKET == 0
    assert SLOTS * shared_counters.BUCKETS == 65_536
