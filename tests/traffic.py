"""Clients that ask a service all the time, and know the right answers."""

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field

CLIENTS = 4
SECONDS_BETWEEN = 0.5
"""Traffic before, between and after what happens to the replicas."""

SECONDS_TO_THINK = 0.005
"""Between the requests of a client: a replica that starts needs a processor too."""

REQUESTS_PER_CONNECTION = 50

EVALUATION = {
    "answers": {"swelling": "one_calf", "constant_one_leg_pain": "yes", "age_years": 61}
}

Asked = tuple[str, str, tuple[tuple[str, str], ...]]
"""Method, address and headers."""

JSON = ("Content-Type", "application/json")
REQUESTS: list[Asked] = [
    ("GET", "/v1", ()),
    ("GET", "/v1/causes?lang=ru", (("Accept-Encoding", "br"),)),
    ("GET", "/v1/relief-protocols/calf-stretch", (("Accept-Encoding", "gzip"),)),
    ("GET", "/v1/causes/alcohol", (("If-None-Match", "*"),)),
    ("GET", "/v1/causes/nowhere", ()),
    ("GET", "/v1/search?q=magnesium", ()),
    ("GET", "/v1/openapi.json", ()),
    ("HEAD", "/v1/risk-rules", ()),
    ("POST", "/v1/risk-evaluations", (JSON,)),
    ("POST", "/v1/risk-evaluations?lang=ru", (JSON,)),
]


def ask(connection: http.client.HTTPConnection, asked: Asked) -> tuple:
    """What must be the same each time: status, tag and bytes."""
    method, address, headers = asked
    body = json.dumps(EVALUATION) if method == "POST" else None
    connection.request(method, address, body, dict(headers))
    answer = connection.getresponse()
    return answer.status, answer.headers["ETag"], answer.read()


@dataclass
class Traffic:
    """Clients that ask all the time, and what they got that they should not have.

    An answer is right when it is the expected one, or that of `also`.
    """

    port: int
    expected: dict[Asked, tuple]
    also: dict[Asked, tuple] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)
    wrong: list[str] = field(default_factory=list)
    right: list[Asked] = field(default_factory=list)

    def __enter__(self) -> "Traffic":
        self.threads = [
            threading.Thread(target=self.ask_on, args=(seed,))
            for seed in range(CLIENTS)
        ]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exception) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)

    def ask_on(self, seed: int) -> None:
        source = random.Random(seed)
        while not self.stopping.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            for _ in range(REQUESTS_PER_CONNECTION):
                if not self.stopping.is_set():
                    self.ask_once(connection, source.choice(REQUESTS))
                    time.sleep(SECONDS_TO_THINK)
            connection.close()

    def ask_once(self, connection: http.client.HTTPConnection, asked: Asked) -> None:
        try:
            got = ask(connection, asked)
        except (OSError, http.client.HTTPException) as error:
            self.wrong.append(f"{asked}: {error!r}")
            connection.close()
            return
        if got in (self.expected[asked], self.also.get(asked)):
            self.right.append(asked)
        else:
            self.wrong.append(f"{asked}: {got[0]} {got[2][:200]!r}")

    def go_on(self) -> int:
        """How many right answers come in the time between two events."""
        before = len(self.right)
        time.sleep(SECONDS_BETWEEN)
        return len(self.right) - before
