"""Known holes in the packages that are served: `python -m tests.audit`, with a network.

pip-audit (Apache-2.0) passes what it could not look up, and all of it where it gets no
answer. So its report is held against the lock file: each package there must have been
looked up, or the audit has failed.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

LOCKED = Path(__file__).resolve().parent.parent / "requirements.txt"
PIN = re.compile(r"^([a-z0-9._-]+)==([^ ]+)", re.MULTILINE)

COMMAND = (
    *(sys.executable, "-m", "pip_audit", "--strict", "--require-hashes"),
    *("--disable-pip", "--progress-spinner", "off", "--format", "json"),
    *("--requirement", str(LOCKED)),
)


def main() -> int:
    run = subprocess.run(COMMAND, capture_output=True, text=True)
    found = complaints(LOCKED.read_text(encoding="utf-8"), run.stdout)
    for complaint in found:
        print(complaint)
    if found or run.returncode:
        print(run.stderr.strip().rpartition("\n")[2], file=sys.stderr)
        print("the audit failed", file=sys.stderr)
        return 1
    print(f"{len(PIN.findall(LOCKED.read_text()))} packages, no known hole")
    return 0


def complaints(locked: str, report: str) -> list[str]:
    """What is wrong with the packages in `locked`, or with the report about them."""
    try:
        audited = {one["name"]: one for one in json.loads(report)["dependencies"]}
    except (ValueError, KeyError):
        return ["there is no report"]
    pinned = PIN.findall(locked)
    found = [] if pinned else ["nothing is locked"]
    for name, version in pinned:
        about = audited.get(name, {})
        if about.get("version") != version or "vulns" not in about:
            found.append(f"{name} {version}: was not looked up")
        found += [f"{name} {version}: {hole['id']}" for hole in about.get("vulns", [])]
    return found


if __name__ == "__main__":
    sys.exit(main())
