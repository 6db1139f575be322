"""A new release is taken over under traffic; a broken one is refused."""

import json
import shutil
import signal
import time
from pathlib import Path

from tests.faults.services import Service, running
from tests.traffic import Traffic

SECONDS_TO_RELOAD = 30
RELOADS = 4


def wait_for_version(service: Service, version: str) -> float:
    """Seconds until every worker serves it: a look on many connections in a row."""
    began, in_a_row = time.monotonic(), 0
    while in_a_row < 40:
        found = json.loads(service.read("/health/ready"))["content_version"]
        in_a_row = in_a_row + 1 if found == version else 0
        assert time.monotonic() < began + SECONDS_TO_RELOAD, service.said()
    return time.monotonic() - began


def put(release: Path, link: Path) -> None:
    """Make `link` lead to the folder of a release, in one step."""
    new = link.with_suffix(".new")
    new.symlink_to(release)
    new.replace(link)


def answers_of(release: Path, folder: Path, public_url: str) -> dict:
    """The right answers of a service that was started with this release."""
    folder.mkdir()
    settings = {"NIGHTCRAMP_CONTENT": str(release), "NIGHTCRAMP_PUBLIC_URL": public_url}
    with running(folder, **settings) as service:
        return service.expected()


def test_releases_change_under_traffic_and_each_answer_is_of_one_of_them(
    tmp_path, history, report
):
    public_url = "http://127.0.0.1:9"
    first, second = history.first.folder, history.second.folder
    known = [
        answers_of(first, tmp_path / "first", public_url),
        answers_of(second, tmp_path / "second", public_url),
    ]
    assert known[0] != known[1]
    current = tmp_path / "current"
    put(first, current)
    settings = {"NIGHTCRAMP_CONTENT": str(current), "NIGHTCRAMP_PUBLIC_URL": public_url}
    seconds = []
    with running(tmp_path, **settings) as service:
        processes = service.workers()
        with Traffic(service.port, *known) as traffic:
            for number in range(RELOADS):
                put((second, first)[number % 2], current)
                service.signal(signal.SIGHUP)
                state = (history.second, history.first)[number % 2]
                version = state.library.release.version
                seconds.append(wait_for_version(service, version))
                assert traffic.go_on() > 0
        assert service.workers() == processes
        assert service.expected() == known[0]
        metrics = service.read("/metrics")
    assert traffic.wrong == []
    assert f'nightcramp_reloads_total{{outcome="handed over"}} {RELOADS}.0' in metrics
    report(
        f"releases: {RELOADS} taken over under traffic in {max(seconds):.1f} s at most,"
        f" {len(traffic.right)} right answers, 0 requests lost, no process restarted"
    )


def test_a_broken_release_is_refused_and_the_old_one_stays(tmp_path, history, report):
    content = tmp_path / "content"
    shutil.copytree(history.first.folder, content)
    whole = (content / "causes/alcohol.yaml").read_text(encoding="utf-8")
    with running(tmp_path, NIGHTCRAMP_CONTENT=str(content)) as service:
        with Traffic(service.port, service.expected()) as traffic:
            for broken in ("id: other\n", "\x00", whole.replace("title:", "titel:")):
                (content / "causes/alcohol.yaml").write_text(broken, encoding="utf-8")
                refused = service.said().count('"release refused"')
                service.signal(signal.SIGHUP)
                deadline = time.monotonic() + SECONDS_TO_RELOAD
                while service.said().count('"release refused"') == refused:
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
                assert traffic.go_on() > 0
            ready = json.loads(service.read("/health/ready"))
            assert "content-release" in ready["degraded"]
            (content / "causes/alcohol.yaml").write_text(whole, encoding="utf-8")
            service.signal(signal.SIGHUP)
            deadline = time.monotonic() + SECONDS_TO_RELOAD
            while json.loads(service.read("/health/ready"))["degraded"]:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        assert "causes/alcohol.yaml:1: id: must be 'alcohol'" in service.said()
        assert 'reloads_total{outcome="refused"} 3.0' in service.read("/metrics")
    assert traffic.wrong == []
    report("releases: 3 broken ones refused under traffic, the old one stayed")
