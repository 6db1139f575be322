"""A copy on a device, brought up to date by the code of the guide, checked with
WebCrypto: it is then what a fresh bundle is.
"""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.conformance.test_device_evaluator import SECONDS, tool
from tests.releases import BASE, FIRST

GUIDE = Path(__file__).resolve().parents[2] / "USING.md"
IN_GUIDE = re.compile(r"```js\n(const LISTS = .*?)```", re.DOTALL)

MERGE_IN_NODE = """
import { isDeepStrictEqual } from "node:util";
import { readFileSync } from "node:fs";

const { copy, changes, fresh } = JSON.parse(
  readFileSync(new URL("bundles.json", import.meta.url)),
);
const canonical = (data) =>
  Array.isArray(data)
    ? `[${data.map(canonical)}]`
    : data && typeof data === "object"
      ? `{${Object.keys(data).sort()
          .map((name) => `${JSON.stringify(name)}:${canonical(data[name])}`)}}`
      : JSON.stringify(data);
const sha256 = async (data) => {
  const bytes = new TextEncoder().encode(canonical(data));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
};
const whole = upToDate(copy, changes);
const hashes = await Promise.all(LISTS.flatMap((list) => whole[list]).map(sha256));
console.log(JSON.stringify({
  same: isDeepStrictEqual(whole, fresh),
  hashed: isDeepStrictEqual(hashes, fresh.manifest.map(({ sha256 }) => sha256)),
  items: hashes.length,
}));
"""


@pytest.mark.parametrize("since", [BASE, FIRST])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_copy_brought_up_to_date_is_a_fresh_bundle(
    history, tmp_path, language, since
):
    (code,) = IN_GUIDE.findall(GUIDE.read_text(encoding="utf-8"))
    bundles = {
        "copy": history.released[since].bundle(language),
        "changes": history.second.bundle(language, since=since),
        "fresh": history.second.bundle(language),
    }
    (tmp_path / "bundles.json").write_text(json.dumps(bundles), encoding="utf-8")
    script = tmp_path / "merge.mjs"
    script.write_text(code + MERGE_IN_NODE, encoding="utf-8")
    run = subprocess.run(
        [tool("node"), str(script)], capture_output=True, text=True, timeout=SECONDS
    )
    assert run.returncode == 0, run.stderr
    items = len(bundles["fresh"]["manifest"])
    assert json.loads(run.stdout) == {"same": True, "hashed": True, "items": items}
