"""POST /v1/risk-evaluations beside the same engine behind FastAPI on uvicorn.

Two workers each, the same body, alternating rounds of wrk on loopback; prints requests
a second and the ratio of the medians.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from api.app import make_evaluator
from api.config import CONTENT, Config
from api.loader import load_library

ROUNDS, SECONDS, CONNECTIONS = 5, 5, 16
PORTS = {"Nightcramp on granian": 8151, "FastAPI on uvicorn": 8152}
SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [[{body}]]
"""


def commands() -> dict[str, list[str]]:
    ours, theirs = PORTS.values()
    uvicorn = ["uvicorn", "tests.benchmarks.fastapi_app:app", "--workers", "2"]
    return {
        "Nightcramp on granian": [sys.executable, "-m", "api.serve"],
        "FastAPI on uvicorn": [
            *(sys.executable, "-m", *uvicorn),
            *("--port", str(theirs), "--log-level", "warning"),
        ],
    }


def bodies() -> dict[str, bytes]:
    """A whole interview, one that has just begun, and nothing."""
    library = load_library(CONTENT, Config().public_url)
    questionnaire = make_evaluator(library).questionnaire
    case = library.catalogue("en").vignettes["dvt-after-knee-surgery"]
    whole = questionnaire.completed(case)
    begun = dict(list(whole.items())[:30])
    answers = {"whole interview": whole, "30 answers": begun, "no answer": {}}
    return {name: json.dumps({"answers": a}).encode() for name, a in answers.items()}


@contextmanager
def serving(command: list[str], port: int, body: bytes) -> Iterator[None]:
    environment = {
        **os.environ,
        "PORT": str(port),
        "NIGHTCRAMP_WORKERS": "2",
        "NIGHTCRAMP_RATE_LIMIT": "off",  # one client asks for all
    }
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port, body)
        yield
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int, body: bytes) -> None:
    for _ in range(300):
        try:
            answer(port, body)
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"nothing answers on port {port}")


def answer(port: int, body: bytes) -> dict:
    url = f"http://127.0.0.1:{port}/v1/risk-evaluations"
    request = Request(url, body, {"Content-Type": "application/json"})
    with urlopen(request, timeout=5) as response:
        return json.load(response)


def requests_a_second(port: int, script: Path) -> float:
    output = subprocess.run(
        [
            *("wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(script)),
            f"http://127.0.0.1:{port}/v1/risk-evaluations",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "Non-2xx" in output:
        raise SystemExit(output)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])  # type: ignore[index]


def main() -> None:
    """Measure each body on both servers, turn by turn."""
    for name, body in bodies().items():
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
            file.write(SCRIPT.format(body=body.decode()))
            file.flush()
            measure(name, body, Path(file.name))


def measure(name: str, body: bytes, script: Path) -> None:
    found: dict[str, list[float]] = {server: [] for server in PORTS}
    (ours, our_port), (theirs, their_port) = PORTS.items()
    run = commands()
    with serving(run[ours], our_port, body), serving(run[theirs], their_port, body):
        same = answer(our_port, body)["urgency"] == answer(their_port, body)["urgency"]
        if not same:
            raise SystemExit("the two servers do not answer the same")
        for _ in range(ROUNDS):
            for server, port in PORTS.items():
                found[server].append(requests_a_second(port, script))
    medians = {server: statistics.median(rounds) for server, rounds in found.items()}
    for server, median in medians.items():
        print(f"{name:16} {server:24} {median:8.0f} requests/s")
    print(f"{name:16} {'ratio':24} {medians[ours] / medians[theirs]:8.2f}")


if __name__ == "__main__":
    main()
