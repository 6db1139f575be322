"""Requests of all kinds, without end, and what each must be answered with."""

import random
import re
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import orjson

HOST = "Host: localhost\r\n"
JSON = "Content-Type: application/json\r\n"
ENCODINGS = ("", "Accept-Encoding: gzip\r\n", "Accept-Encoding: br\r\n")
LANGUAGES = ("", "Accept-Language: ru\r\n", "Accept-Language: en-GB,en;q=0.9\r\n")
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
REQUESTS_PER_CONNECTION = 200

Request = tuple[str, bytes, int]
"""What kind it is, its bytes, and the status of the answer."""


@dataclass
class Known:
    """What clients know of the service: addresses with their tags, words, questions."""

    tags: dict[str, str]
    words: list[str]
    questions: list[dict]


@dataclass
class Tally:
    """Answers by kind, and what was not as it must be."""

    answers: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Requests:
    """Draws requests, the same for the same seed."""

    def __init__(self, known: Known, seed: int):
        self.known = known
        self.source = random.Random(seed)
        self.addresses = list(known.tags)

    def __iter__(self) -> Iterator[Request]:
        kinds = (self.ready, self.unchanged, self.search, self.evaluation)
        kinds += (self.nothing, self.invalid, self.too_large, self.page, self.metrics)
        weights = (130, 30, 14, 14, 6, 3, 1, 1.7, 0.3)
        while True:
            yield self.source.choices(kinds, weights)[0]()

    def ready(self) -> Request:
        address = self.source.choice(self.addresses)
        return "ready", self._get(address), 200

    def unchanged(self) -> Request:
        address = self.source.choice(self.addresses)
        tag = f"If-None-Match: {self.known.tags[address]}\r\n"
        return "unchanged", _bytes(f"GET {address}", tag), 304

    def search(self) -> Request:
        words = "+".join(self.source.choices(self.known.words, k=2))
        noise = self.source.randrange(10**9)
        return "search", self._get(f"/v1/search?q={words}+{noise}"), 200

    def evaluation(self) -> Request:
        asked = self.source.sample(self.known.questions, self.source.randrange(15))
        answers = {question["id"]: self._answer(question) for question in asked}
        return "evaluation", self._post(orjson.dumps({"answers": answers})), 200

    def nothing(self) -> Request:
        address = f"/v1/causes/nothing-{self.source.randrange(10**9)}"
        return "unknown id", self._get(address), 404

    def invalid(self) -> Request:
        body = b'{"answers": {"%x": 1}}' % self.source.randrange(10**9)
        return "invalid", self._post(body), 422

    def too_large(self) -> Request:
        return "too large", self._post(b" " * 70_000), 413

    def page(self) -> Request:
        theme = self.source.choice(("dark", "light"))
        return "page", self._get(f"/embed/causes/alcohol?theme={theme}"), 200

    def metrics(self) -> Request:
        return "metrics", self._get("/metrics"), 200

    def _answer(self, question: dict) -> object:
        if question["type"] == "number":
            return self.source.randint(question["minimum"], question["maximum"])
        choices = [choice["value"] for choice in question.get("choices", ())]
        return self.source.choice([*(choices or ("yes", "no")), "unknown"])

    def _get(self, address: str) -> bytes:
        source = self.source
        headers = source.choice(ENCODINGS) + source.choice(LANGUAGES)
        if source.random() < 0.2:
            headers += f"X-Request-Id: {source.randrange(10**12)}\r\n"
        return _bytes(f"GET {address}", headers)

    def _post(self, body: bytes) -> bytes:
        line = f"POST /v1/risk-evaluations{self.source.choice(('', '?lang=ru'))}"
        return _bytes(line, f"{JSON}Content-Length: {len(body)}\r\n") + body


def _bytes(line: str, headers: str) -> bytes:
    return f"{line} HTTP/1.1\r\n{HOST}{headers}\r\n".encode()


def ask_for_all(port: int, known: Known, seed: int, number: int) -> Tally:
    """Ask for `number` of them, one after the other."""
    tally = Tally()
    requests = iter(Requests(known, seed))
    while tally.answers.total() < number:
        left = number - tally.answers.total()
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            for _ in range(min(left, REQUESTS_PER_CONNECTION)):
                kind, sent, status = next(requests)
                tally.answers[kind] += 1
                answered = _exchange(connection, sent)
                if not answered.startswith(b"HTTP/1.1 %d " % status):
                    tally.wrong.append(f"{sent[:200]!r}: {answered[:200]!r}")
                if b"\r\nconnection: close\r\n" in answered or status == 413:
                    break
    return tally


def _exchange(connection: socket.socket, sent: bytes) -> bytes:
    """The head of the answer, after all of it was read."""
    connection.sendall(sent)
    answered = b""
    while (end := answered.find(b"\r\n\r\n")) < 0:
        if not (chunk := connection.recv(65536)):
            return answered
        answered += chunk
    head = answered[: end + 2]
    length = LENGTH.search(head)
    missing = int(length[1]) - (len(answered) - end - 4) if length else 0
    if head.startswith(b"HTTP/1.1 304"):
        missing = 0
    while missing > 0 and (chunk := connection.recv(min(missing, 1 << 20))):
        missing -= len(chunk)
    return head
