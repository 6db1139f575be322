"""Counters that all workers of one machine share: a file that each maps into memory.

It has a fixed size, all of it taken when it is made: memory stays bounded, and a full
disk is an error at start rather than a death (SIGBUS) later. A key stands in it as a
digest, keyed by a secret of the file, so that no address stands in it, and nobody can
aim at a place in it. Each bucket of slots is guarded by a lock of the kernel, which
takes it from a worker that is killed while it counts.
"""

import fcntl
import os
import secrets
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from mmap import mmap
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from limits.errors import ConfigurationError
from limits.storage import Storage

MAGIC = b"nightcramp counters 1\0\0\0"
HEAD = struct.Struct("24s32s")
"""What the file is, and the secret of it."""
START = 4096
"""Where the buckets begin; before them is the head."""

SLOT = struct.Struct("<16sQQ")
"""Digest, nanosecond at which the window ends, and how many were counted in it."""
SLOTS = 64
"""In a bucket. So many that hardly one is full before nearly all are."""
BUCKETS = 1024
BUCKET = SLOTS * SLOT.size
SIZE = START + BUCKETS * BUCKET
"""2 MiB: 65,536 clients within a minute. One more, and a window that is nearly over
is given up for the new one."""

SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Window:
    """How many were counted, and for how many seconds the count still goes on."""

    count: int
    seconds: float


def make_file(path: Path) -> str:
    """A new file of counters at `path`, and what to give a storage to count there.

    A file of that name is put aside, not emptied: a server that is still stopping may
    be counting in it. OSError when there is no room for all of it.
    """
    path.unlink(missing_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.posix_fallocate(file, 0, SIZE)
        os.pwrite(file, HEAD.pack(MAGIC, secrets.token_bytes(32)), 0)
    except OSError:
        path.unlink()
        raise
    finally:
        os.close(file)
    return f"shared://{quote(str(path.resolve()))}"


def now() -> int:
    """Nanoseconds of a clock that nobody sets, the same for all processes here."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


class Table:
    """A file of counters as this process has it: see `table_of`, which opens it."""

    def __init__(self, path: str):
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self.file, self.lock = file, threading.Lock()
        if os.fstat(file).st_size != SIZE:
            raise ConfigurationError(f"{path} is no file of counters")
        self.memory = mmap(file, SIZE)
        magic, self.secret = HEAD.unpack_from(self.memory)
        if magic != MAGIC:
            raise ConfigurationError(f"{path} is no file of counters")

    def place(self, key: str) -> tuple[bytes, int]:
        """What stands for `key`, and where its bucket begins."""
        digest = blake2b(key.encode(), key=self.secret, digest_size=16).digest()
        return digest, START + int.from_bytes(digest[:4]) % BUCKETS * BUCKET

    @contextmanager
    def alone(self, bucket: int) -> Iterator[None]:
        """Keep other threads (lock) and other processes (lockf) from a bucket."""
        with self.lock:
            fcntl.lockf(self.file, fcntl.LOCK_EX, BUCKET, bucket)
            try:
                yield
            finally:
                fcntl.lockf(self.file, fcntl.LOCK_UN, BUCKET, bucket)

    def find(self, digest: bytes, bucket: int) -> int:
        """Where the slot of `digest` is in its bucket, or -1."""
        return self.memory.find(digest, bucket, bucket + BUCKET)

    def read(self, slot: int) -> tuple[int, int]:
        """The end and the count of a slot; none (-1) has ended long ago."""
        if slot < 0:
            return 0, 0
        _, end, count = SLOT.unpack_from(self.memory, slot)
        return end, count

    def spare(self, bucket: int, latest: int) -> int:
        """The slot of a bucket that is free, has ended, or will be the first to end."""
        slots = SLOT.iter_unpack(self.memory[bucket : bucket + BUCKET])
        ends = [end if end <= latest else 0 for _, end, _ in slots]
        return bucket + ends.index(min(ends)) * SLOT.size

    def write(self, slot: int, digest: bytes, end: int, count: int) -> None:
        """All of a slot at once: no worker can be killed halfway through."""
        self.memory[slot : slot + SLOT.size] = SLOT.pack(digest, end, count)


_opened: dict[tuple[int, int], Table] = {}
_opening = threading.Lock()


def table_of(path: str) -> Table:
    """The one table of this process for the file at `path`.

    Kernel locks belong to a process, not to whoever opened the file in it: two tables
    would not keep each other out, and closing one would let go of the locks of both.
    """
    with _opening:
        found = os.stat(path)
        identity = found.st_dev, found.st_ino
        if identity not in _opened:
            _opened[identity] = Table(path)
        return _opened[identity]


def _renew_locks() -> None:
    """In a fork: threads that held them stayed behind."""
    global _opening
    _opening = threading.Lock()
    for table in _opened.values():
        table.lock = threading.Lock()


os.register_at_fork(after_in_child=_renew_locks)


class SharedCounters(Storage):
    """A storage for `limits`, for fixed windows: `shared:///path/of/the/file`."""

    STORAGE_SCHEME = ["shared"]

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options):
        super().__init__(uri, wrap_exceptions, **options)
        self.table = table_of(unquote(urlsplit(uri).path))

    @property
    def base_exceptions(self) -> type[Exception]:
        return OSError

    def count(self, key: str, seconds: int, amount: int = 1) -> Window:
        """Count `amount` for `key`, in the window at hand or in a new one of `seconds`.

        An end that is too far off is of another life of the machine, and means nothing.
        """
        table = self.table
        digest, bucket = table.place(key)
        with table.alone(bucket):
            present = now()  # not before: another worker may have begun a window since
            latest = present + seconds * SECOND
            slot = table.find(digest, bucket)
            end, count = table.read(slot)
            if not present < end <= latest:
                end, count = latest, 0
            count += amount
            if slot < 0:
                slot = table.spare(bucket, latest)
            table.write(slot, digest, end, count)
        return Window(count, (end - present) / SECOND)

    def window(self, key: str) -> Window:
        """What was counted for `key`, without counting."""
        digest, bucket = self.table.place(key)
        with self.table.alone(bucket):
            end, count = self.table.read(self.table.find(digest, bucket))
        left = end - now()
        return Window(count, left / SECOND) if left > 0 else Window(0, 0)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return self.count(key, expiry, amount).count

    def get(self, key: str) -> int:
        return self.window(key).count

    def get_expiry(self, key: str) -> float:
        """On the clock that `limits` asks in, which is that of the wall."""
        return time.time() + self.window(key).seconds

    def check(self) -> bool:
        return True

    def clear(self, key: str) -> None:
        digest, bucket = self.table.place(key)
        with self.table.alone(bucket):
            if (slot := self.table.find(digest, bucket)) >= 0:
                self.table.write(slot, bytes(16), 0, 0)

    def reset(self) -> int | None:
        for bucket in range(START, SIZE, BUCKET):
            with self.table.alone(bucket):
                self.table.memory[bucket : bucket + BUCKET] = bytes(BUCKET)
        return None
