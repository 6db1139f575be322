"""The evaluator for devices comes to what the server comes to, on every vector.

In Node, and in a real browser on a page of another origin, as apps embed it.
"""

import json
import re
import shutil
import subprocess
import threading
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

import pytest

from tests.servers import start_ready, stop

MODULE = "/embed/evaluator.js"
VECTORS = "/v1/risk-rules/vectors"
SECONDS = 60

COMPARE_IN_NODE = """
import { isDeepStrictEqual } from "node:util";
import { readFileSync } from "node:fs";
import { evaluate } from "./evaluator.mjs";

globalThis.fetch = () => { throw new Error("the evaluator asked the network"); };
const [rules, { vectors }] = ["rules.json", "vectors.json"].map(
  (name) => JSON.parse(readFileSync(new URL(name, import.meta.url))),
);
const before = JSON.stringify([rules, vectors]);
const different = vectors.filter(
  ({ answers, result }) => !isDeepStrictEqual(evaluate(rules, answers), result),
);
console.log(JSON.stringify({
  compared: vectors.length,
  different: different.map(({ id }) => id),
  left_alone: JSON.stringify([rules, vectors]) === before,
}));
"""

PAGE = """<!doctype html>
<meta charset="utf-8">
<title>An app of another origin</title>
<link rel="icon" href="data:,">
<pre id="outcome"></pre>
<script type="module">
const api = new URLSearchParams(location.search).get("api");
const outcome = {};
try {
  const { evaluate } = await import(`${api}/embed/evaluator.js`);
  const read = async (path) => (await fetch(`${api}/v1/${path}`)).json();
  const rules = await read("risk-rules");
  const { vectors } = await read("risk-rules/vectors");
  const before = performance.getEntriesByType("resource").length;

  const forbidden = () => { throw new Error("the evaluator asked the network"); };
  window.fetch = window.XMLHttpRequest = window.WebSocket = forbidden;
  navigator.sendBeacon = forbidden;
  // Keys in one order, so that the texts are equal when the values are.
  const sorted = (data) => JSON.stringify(data, (key, value) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort())
      : value);
  outcome.different = vectors
    .filter(({ answers, result }) =>
      sorted(evaluate(rules, answers)) !== sorted(result))
    .map(({ id }) => id);
  outcome.compared = vectors.length;
  await new Promise((done) => setTimeout(done, 100));

  const requests = performance.getEntriesByType("resource");
  outcome.requests = requests.map(({ name }) => name);
  outcome.while_evaluating = requests.length - before;
} catch (error) {
  outcome.error = String(error);
}
document.getElementById("outcome").textContent = JSON.stringify(outcome);
</script>
"""


def tool(name: str) -> str:
    """Where a program is; without it nothing here is proved, so that is a failure."""
    found = shutil.which(name)
    if not found:
        pytest.fail(f"`{name}` is not on PATH: see setup-dev in the Makefile")
    return found


def test_node_comes_to_the_results_of_the_server(client, tmp_path):
    files = {
        "evaluator.mjs": client.get(MODULE).data,
        "rules.json": client.get("/v1/risk-rules").data,
        "vectors.json": client.get(VECTORS).data,
        "compare.mjs": COMPARE_IN_NODE.encode(),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    run = subprocess.run(
        [tool("node"), str(tmp_path / "compare.mjs")],
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert run.returncode == 0, run.stderr
    total = json.loads(files["vectors.json"])["total"]
    expected = {"compared": total, "different": [], "left_alone": True}
    assert json.loads(run.stdout) == expected


@pytest.fixture(scope="module")
def api():
    server, base = start_ready()
    yield base
    stop(server)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and notes what was asked for."""

    def __init__(self, *arguments, asked: list[str], **options):
        self.asked = asked
        super().__init__(*arguments, **options)

    def log_message(self, format, *arguments):
        self.asked.append(self.requestline)


@pytest.fixture
def app_page(tmp_path):
    """The address of the page of an app, and the requests that its server got."""
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    asked: list[str] = []
    handler = partial(Quiet, directory=str(tmp_path), asked=asked)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/index.html", asked
        server.shutdown()
        thread.join()


def browse(address: str, profile) -> dict:
    """What the page at `address` wrote into its DOM in the end."""
    run = subprocess.run(
        [
            tool("chromium"),
            *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update"),
            *("--disable-sync", "--disable-dev-shm-usage"),
            f"--user-data-dir={profile}",
            "--virtual-time-budget=60000",
            "--dump-dom",
            address,
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    found = re.search(r'<pre id="outcome">(\{.*?\})</pre>', run.stdout, re.DOTALL)
    assert found, f"no outcome: {run.stdout[-500:]} {run.stderr[-500:]}"
    return json.loads(unescape(found[1]))


def test_a_browser_on_another_origin_comes_to_the_results_of_the_server(
    api, app_page, tmp_path
):
    page, asked = app_page
    outcome = browse(f"{page}?api={api}", tmp_path / "profile")
    assert "error" not in outcome
    with urlopen(f"{api}{VECTORS}") as answer:
        assert outcome["compared"] == json.load(answer)["total"] >= 1000
    assert outcome["different"] == []

    paths = (MODULE, "/v1/risk-rules", VECTORS)
    assert outcome["while_evaluating"] == 0
    assert sorted(outcome["requests"]) == sorted(f"{api}{path}" for path in paths)
    assert not [line for line in asked if not line.startswith("GET /index.html")]
