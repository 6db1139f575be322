"""Where the processes of one running service meet, in files that live as long as it."""

import copyreg
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from api.domain.library import Library

MEMORY = Path("/dev/shm")
"""Best in memory, where there is such a folder: files that are mapped, as those of the
metrics are, would end a process if their disk were full."""


def _proxy(mapping: dict) -> MappingProxyType:
    return MappingProxyType(mapping)


copyreg.pickle(MappingProxyType, lambda proxy: (_proxy, (dict(proxy),)))


class Flag:
    """Something that is so or not, for all processes to see."""

    def __init__(self, file: Path):
        self.file = file

    def hoist(self) -> None:
        self.file.touch()

    def lower(self) -> None:
        self.file.unlink(missing_ok=True)

    def __bool__(self) -> bool:
        return self.file.exists()


class RunFolder:
    """`refused`: the newest release was; `stopping`: the service is about to end.

    Nobody but the service may write here: a library is handed over as a pickle, which
    is as good as code.
    """

    def __init__(self, root: Path):
        self.metrics = root / "metrics"
        self.counters = root / "counters"
        self.refused = Flag(root / "refused")
        self.stopping = Flag(root / "stopping")
        self.library = root / "library.pickle"

    def give(self, library: Library) -> None:
        """Put `library` where workers look for it, whole or not at all."""
        part = self.library.with_suffix(".part")
        part.write_bytes(pickle.dumps(library))
        part.replace(self.library)

    def take(self) -> Library:
        """The library that was given last."""
        return pickle.loads(self.library.read_bytes())

    def stamp(self) -> int:
        """Another one for each library that was given; 0 before the first."""
        try:
            return self.library.stat().st_mtime_ns
        except FileNotFoundError:
            return 0


@contextmanager
def run_folder() -> Iterator[RunFolder]:
    """A folder of this service alone, until it ends."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with TemporaryDirectory(prefix="nightcramp-", dir=place) as name:
        yield RunFolder(Path(name))
