"""Many clients at a time that are slow on purpose, each in its own way."""

import resource
import selectors
import socket
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.faults.raw import statuses

HEAD = "Host: localhost\r\nContent-Type: application/json\r\n"
POST = f"POST /v1/risk-evaluations HTTP/1.1\r\n{HEAD}"
BIG = f"GET /v1/bundle HTTP/1.1\r\n{HEAD}\r\n"
SMALLEST_BUFFER = 4096
"""To receive in, so that little is taken without being read."""

SECONDS_BETWEEN = 0.5
"""Between two bytes of one that trickles."""


@dataclass(frozen=True)
class Attack:
    """What `number` clients do: send `opening`, then one byte now and then, or none."""

    number: int
    opening: str
    trickle: str = ""
    reads: bool = True


ATTACKS = {
    "nothing sent": Attack(300, ""),
    "half a head": Attack(300, "GET /v1 HTTP/1.1\r\nHost: local"),
    "trickled head": Attack(300, "GET /v1 HTTP/1.1\r\nX-Slow: ", trickle="a"),
    "kept alive": Attack(300, f"GET /health/live HTTP/1.1\r\n{HEAD}\r\n"),
    "half a body": Attack(300, f'{POST}Content-Length: 900\r\n\r\n{{"answers": {{'),
    "trickled body": Attack(300, f"{POST}Content-Length: 900\r\n\r\n", trickle=" "),
    "trickled chunks": Attack(
        300, f"{POST}Transfer-Encoding: chunked\r\n\r\n", trickle="1\r\n \r\n"
    ),
    "nothing read": Attack(100, BIG * 30, reads=False),
}


@dataclass
class Attacker:
    """One connection of an attack, and what became of it."""

    attack: Attack
    connection: socket.socket
    began: float
    got: bytes = b""
    seconds: float | None = None
    """Until it was cut off."""

    def act(self) -> None:
        try:
            self.connection.send(self.attack.trickle.encode())
        except OSError:
            self._ended()

    def hear(self) -> None:
        try:
            chunk = self.connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        self.got += chunk
        if not chunk:
            self._ended()

    def _ended(self) -> None:
        if self.seconds is None:
            self.seconds = time.monotonic() - self.began


@dataclass
class Outcome:
    """Of one attack: how long each was let do it, and which statuses they were told."""

    seconds: list[float | None] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)
    last: bytes = b""


def attack(port: int, attacks: dict[str, Attack], seconds: float) -> dict[str, Outcome]:
    """Attack for so long, then go away."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    attackers = {
        name: [_begin(port, attack) for _ in range(attack.number)]
        for name, attack in attacks.items()
    }
    _go_on([one for group in attackers.values() for one in group], seconds)
    return {name: _outcome(group) for name, group in attackers.items()}


def _begin(port: int, attack: Attack) -> Attacker:
    connection = socket.socket()
    if not attack.reads:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALLEST_BUFFER)
    connection.connect(("127.0.0.1", port))
    began = time.monotonic()
    connection.sendall(attack.opening.encode())
    connection.setblocking(False)
    return Attacker(attack, connection, began)


def _go_on(attackers: list[Attacker], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    selector = selectors.DefaultSelector()
    for one in attackers:
        if one.attack.reads:
            selector.register(one.connection, selectors.EVENT_READ, one)
    act_at = time.monotonic()
    while time.monotonic() < deadline:
        _hear(selector)
        if time.monotonic() >= act_at:
            act_at += SECONDS_BETWEEN
            _trickle(attackers)


def _hear(selector: selectors.BaseSelector) -> None:
    for key, _ in selector.select(SECONDS_BETWEEN / 5):
        key.data.hear()
        if key.data.seconds is not None:
            selector.unregister(key.data.connection)


def _trickle(attackers: list[Attacker]) -> None:
    for one in attackers:
        if one.attack.trickle and one.seconds is None:
            one.act()


def _outcome(attackers: list[Attacker]) -> Outcome:
    outcome = Outcome()
    for one in attackers:
        outcome.seconds.append(one.seconds)
        outcome.statuses.update(statuses(one.got))
        outcome.last = one.got or outcome.last
        one.connection.close()
    return outcome
