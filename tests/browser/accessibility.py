"""What axe-core finds wrong with a page, shadow trees and contrast included."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

SCRIPT = Path(axe_playwright_python.__file__).with_name("axe.min.js")


def violations(page: Page) -> list[str]:
    page.add_script_tag(path=SCRIPT)
    found = page.evaluate("axe.run(document)")
    assert found["passes"], "axe has looked at something"
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
