"""What the guides show is true: templates load, addresses answer, samples are real."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

from api.loader.kinds import schema_for
from api.loader.strict_yaml import read_document

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"```yaml\n(# content/(\S+)\.yaml\n.*?)```", re.DOTALL)
TEMPLATES = BLOCK.findall((ROOT / "EDITING.md").read_text(encoding="utf-8"))
ADDRESS = re.compile(r"http://127\.0\.0\.1:8000(/[^'\"\s]*)")
ADDRESSES = sorted(
    {
        address
        for guide in ("README.md", "USING.md")
        for address in ADDRESS.findall((ROOT / guide).read_text(encoding="utf-8"))
    }
)
WRONG_ON_PURPOSE = "/v1/causes?verdict=true&pgae=2&lang=ru"
POSTED = re.compile(r"(/v1/risk-evaluations)'.*\n\s+-d '([^']+)'")


@pytest.mark.parametrize(
    ("template", "name"),
    [pair for pair in TEMPLATES if not pair[1].startswith("translations/")],
    ids=lambda value: value if "\n" not in value else "",
)
def test_a_template_is_a_valid_file_of_its_kind(template, name, tmp_path):
    path = tmp_path / "template.yaml"
    path.write_text(template, encoding="utf-8")
    schema_for(name).load(read_document(path).data)


def test_every_kind_of_item_has_a_template():
    kinds = {name.split("/")[0] for _, name in TEMPLATES}
    folders = {path.name for path in (ROOT / "content").iterdir() if path.is_dir()}
    assert kinds == folders - {"risk-rules"}


def test_the_template_of_a_translation_has_a_stamp():
    (template,) = [t for t, name in TEMPLATES if name.startswith("translations/")]
    assert set(yaml.safe_load(template)) == {"translates", "text", "why"}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_in_a_guide_answers(client, address):
    expected = {WRONG_ON_PURPOSE: 422, "/v1/risk-evaluations": 405}.get(address, 200)
    path = unquote(address)
    assert client.get(path).status_code == expected


def test_what_a_guide_sends_is_evaluated(client):
    ((address, body),) = POSTED.findall((ROOT / "USING.md").read_text(encoding="utf-8"))
    answer = client.post(address, data=body, content_type="application/json")
    assert answer.get_json()["urgency"]["level"] == "same_day"


def test_the_readme_shows_a_real_answer(client):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    sample = readme.split("```jsonc")[1].split("```")[0]
    answer = client.get("/v1/relief-protocols/calf-stretch").get_data(as_text=True)
    texts = [text.rstrip("… ") for text in re.findall(r'"([^"]{3,})"', sample)]
    assert len(texts) > 30
    assert [text for text in texts if text not in answer] == []
