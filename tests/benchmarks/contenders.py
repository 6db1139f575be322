"""The servers that are measured side by side: how each is started on a port."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path

from api.serve import THREADS
from tests.benchmarks.documents import GZIP, ITEM, PUBLIC_URL, Document, documents
from tests.benchmarks.running import Server, running
from tests.nginx import PATH
from tests.servers import ROOT, free_port

WORKERS = 2
SECONDS_TO_EXPORT = 180

OURS, OFF = "ours", "ours, edition off"
FLASK, FASTAPI = "bare Flask on granian", "FastAPI on uvicorn"
NGINX, MIRROR = "nginx, static files", "nginx, exported mirror"

SETTINGS = {
    "NIGHTCRAMP_PUBLIC_URL": PUBLIC_URL,
    "NIGHTCRAMP_WORKERS": str(WORKERS),
    "NIGHTCRAMP_EDITION": "on",
}

SETS_ITSELF = ("Content-Type", "Content-Length", "Content-Encoding", "ETag")
"""Headers that nginx makes of the file; its tag is one of its own."""

CONFIGURATION = """
worker_processes {workers};
error_log stderr crit;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  types {{ }}
  default_type application/json;
  client_body_temp_path {folder}/temporary;
  proxy_temp_path {folder}/temporary;
  fastcgi_temp_path {folder}/temporary;
  uwsgi_temp_path {folder}/temporary;
  scgi_temp_path {folder}/temporary;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/files;
    gzip_static on;
{locations}
  }}
}}
"""


@contextmanager
def started(folder: Path) -> Iterator[dict[str, Server]]:
    """All of them, each started once; `folder` is for the files of nginx."""
    with ExitStack() as stack:
        servers = {}
        servers[OURS] = stack.enter_context(ours())
        servers[OFF] = stack.enter_context(ours(NIGHTCRAMP_EDITION="off"))
        servers[FLASK] = stack.enter_context(bare_flask())
        servers[FASTAPI] = stack.enter_context(fastapi())
        servers[NGINX] = stack.enter_context(static_files(folder / "static"))
        servers[MIRROR] = stack.enter_context(exported_mirror(folder / "mirror"))
        yield servers


def ours(folder: Path = ROOT, at_most: float = 60, **settings: str):
    """`make serve` over the content and the code in `folder`."""
    port = free_port()
    settings = {**SETTINGS, "PORT": str(port), **settings}
    command = [sys.executable, "-m", "api.serve"]
    return running(command, port, ITEM, folder, at_most, **settings)


def bare_flask():
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--no-ws"),
        *("--port", str(port), "tests.benchmarks.flask_app:create_app"),
    ]
    return running(command, port, ITEM, **SETTINGS)


def fastapi():
    port = free_port()
    command = [
        *(sys.executable, "-m", "uvicorn", "tests.benchmarks.fastapi_published:app"),
        *("--workers", str(WORKERS), "--loop", "uvloop", "--http", "httptools"),
        *("--no-access-log", "--log-level", "warning", "--port", str(port)),
    ]
    return running(command, port, ITEM, **SETTINGS)


def static_files(folder: Path):
    """nginx as one would configure it by hand for these files and headers."""
    (folder / "temporary").mkdir(parents=True)
    locations = []
    for (path, encoding), document in documents().items():
        file = folder / "files" / path.removeprefix("/")
        if encoding == GZIP:
            _write(file.with_name(f"{file.name}.gz"), document)
        else:
            _write(file, document)
            locations.append(_location(path, document))
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(
            workers=WORKERS,
            folder=folder,
            port=port,
            locations="\n".join(locations),
        )
    )
    return nginx(configuration, port)


def exported_mirror(folder: Path):
    """What `make export` writes, with as many workers as the others have."""
    port = free_port()
    subprocess.run(
        [
            *(sys.executable, "-m", "api.export", str(folder)),
            *("--listen", f"127.0.0.1:{port}"),
        ],
        cwd=ROOT,
        env={**os.environ, **SETTINGS},
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=SECONDS_TO_EXPORT,
    )
    configuration = folder / "nginx.conf"
    text = configuration.read_text()
    configuration.write_text(
        re.sub(r"worker_processes\s+\w+;", f"worker_processes {WORKERS};", text)
    )
    return nginx(configuration, port)


def nginx(configuration: Path, port: int):
    executable = shutil.which("nginx", path=PATH)
    if executable is None:
        raise SystemExit("nginx is not there: ./setup.sh requirements-bench.txt …")
    folder = str(configuration.parent)
    # As root, workers would become another user, who cannot read temporary folders.
    keep_user = " user root;" if os.geteuid() == 0 else ""
    command = [
        *(executable, "-e", "stderr", "-p", folder, "-c", str(configuration)),
        *("-g", f"daemon off;{keep_user}"),
    ]
    return running(command, port, ITEM)


def _write(file: Path, document: Document) -> None:
    """The file, of the age that its Last-Modified says."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(document.body)
    released = parsedate_to_datetime(dict(document.headers)["Last-Modified"])
    os.utime(file, (released.timestamp(), released.timestamp()))


def _location(path: str, document: Document) -> str:
    headers = "".join(
        f"      add_header {name} {_quoted(value)};\n"
        for name, value in document.headers
        if name not in (*SETS_ITSELF, "Last-Modified")
    )
    return f"    location = {path} {{\n{headers}    }}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
