"""The running service."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import start_ready, stop


@pytest.fixture(scope="session")
def service(tmp_path_factory) -> Iterator[str]:
    """The address of the real server; all that it says must be free of errors."""
    said: Path = tmp_path_factory.mktemp("service") / "log"
    with said.open("wb") as log:
        server, base = start_ready(output=log)
        yield base
        died = server.poll() is not None
        stop(server)
    text = said.read_text()
    assert not died, text
    complaints = ("Traceback", '"level":"error"', '"level":"critical"')
    assert not any(complaint in text for complaint in complaints), text
