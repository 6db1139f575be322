"""Where requests are counted: in Redis while it is there, on this machine otherwise.

A limit guards us from too much, so losing Redis must never cost a client an answer:
counting goes on here, with windows that begin anew, until Redis is back.
"""

import logging
import threading
import time
from typing import cast

import redis
from limits.storage import Storage, storage_from_string
from redis.backoff import NoBackoff
from redis.retry import Retry

from api.web.shared_counters import SharedCounters, Window

COUNT = """
local count = redis.call('incr', KEYS[1])
local left = redis.call('pttl', KEYS[1])
if left < 0 then
  left = ARGV[1] * 1000
  redis.call('pexpire', KEYS[1], left)
end
return {count, left}
"""
"""Counts and tells the window in one trip; a key never stays without an end."""

PREFIX = "nightcramp:"

SECONDS_TO_ANSWER = 0.1
"""To connect, and to answer: what a Redis that hangs costs a request is twice that.
One in the same network answers within a thousandth of it."""

SECONDS_BETWEEN_TRIES = 1
"""While Redis is lost. No request waits for them."""

PROBE = "probe"
"""A key that is counted only to see whether Redis does."""

log = logging.getLogger(__name__)


FAILURES = (redis.RedisError, OSError)


class RedisCounters:
    """Counters that replicas share. It raises one of FAILURES."""

    def __init__(self, url: str):
        # A connection that Redis has closed, restarting, is worth another try at once.
        again = Retry(NoBackoff(), 1, (redis.ConnectionError,))
        self.client = redis.from_url(
            url,
            socket_timeout=SECONDS_TO_ANSWER,
            socket_connect_timeout=SECONDS_TO_ANSWER,
            retry=again,
        )
        self.script = self.client.register_script(COUNT)

    def count(self, key: str, seconds: int) -> Window:
        count, left = self.script([PREFIX + key], [seconds])
        return Window(count, left / 1000)


class Counters:
    """Counts in `shared`, a Redis, while it is there; else in `local`, the address of a
    storage of the library `limits`."""

    def __init__(self, local: str, shared: str = ""):
        self.local = cast(Storage, storage_from_string(local))
        self.shared = RedisCounters(shared) if shared else None
        self.lost = False
        self._losing = threading.Lock()

    def count(self, key: str, seconds: int) -> Window | None:
        """The window with one more for `key`; None when it can be counted nowhere.

        What cannot be counted is let in: no limit is worth an answer.
        """
        try:
            return self._there(key, seconds) or self._here(key, seconds)
        except OSError:
            log.exception("cannot count requests")
            return None

    def check(self) -> bool:
        """Are requests counted where they should be? Asks, unless it is known."""
        self._there(PROBE, 1)
        return not self.lost

    def _there(self, key: str, seconds: int) -> Window | None:
        if self.shared is None or self.lost:
            return None
        try:
            return self.shared.count(key, seconds)
        except FAILURES as error:
            self._lose(error)
            return None

    def _here(self, key: str, seconds: int) -> Window:
        if isinstance(self.local, SharedCounters):
            return self.local.count(key, seconds)
        count = self.local.incr(key, seconds)
        return Window(count, self.local.get_expiry(key) - time.time())

    def _lose(self, error: Exception) -> None:
        """Leave Redis alone until it answers again; say so once.

        Only the kind of the error is logged: its words may hold an address.
        """
        with self._losing:
            if self.lost:
                return
            self.lost = True
        log.warning("lost Redis (%s): counting requests here", type(error).__name__)
        threading.Thread(target=self._await_redis, daemon=True).start()

    def _await_redis(self) -> None:
        while not self._answers():
            time.sleep(SECONDS_BETWEEN_TRIES)
        self.lost = False
        log.warning("Redis is back: counting requests there")

    def _answers(self) -> bool:
        """By counting: one that answers, but is full or read-only, is still lost."""
        assert self.shared
        try:
            return self.shared.count(PROBE, 1).count > 0
        except FAILURES:
            return False
