"""A client as openapi-python-client makes it from the contract calls the service."""

import json
import pkgutil
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace

import pytest

from tests.contract.described import DESCRIPTION_FILE, OPERATIONS, READS, needed
from tests.contract.tools import FOLDER, run

PACKAGE = "nightcramp_client"


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


@pytest.fixture(scope="module")
def package(tmp_path_factory, report) -> Iterator[SimpleNamespace]:
    """The generated package: its operations by module name, its models, its client."""
    called: set[str] = set()
    folder = tmp_path_factory.mktemp("python-client")
    generated = run(
        *(sys.executable, "-m", "openapi_python_client", "generate"),
        *("--path", str(DESCRIPTION_FILE), "--output-path", str(folder / PACKAGE)),
        *("--config", str(FOLDER / "openapi-python-client.yaml"), "--meta", "none"),
        folder=folder,
    )
    assert generated.returncode == 0, generated.stdout
    assert generated.stdout.split() == ["Generating", str(folder / PACKAGE)]
    assert generated.stderr == ""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield SimpleNamespace(
            operations=operations_of(import_module(f"{PACKAGE}.api")),
            models=import_module(f"{PACKAGE}.models"),
            Client=import_module(PACKAGE).Client,
            called=called,
        )
    report(f"openapi-python-client: {len(called)} operations called")


def operations_of(api) -> dict:
    modules = pkgutil.walk_packages(api.__path__, f"{api.__name__}.")
    names = [module.name for module in modules if not module.ispkg]
    return {name.rpartition(".")[2]: import_module(name) for name in names}


@pytest.fixture
def client(package, service):
    with package.Client(base_url=service, raise_on_unexpected_status=True) as client:
        yield client


def test_every_operation_is_a_function(package):
    assert package.operations.keys() == {snake(id) for id in OPERATIONS}


@pytest.mark.parametrize("operation_id", READS)
def test_a_reading_comes_back_as_its_model(package, client, operation_id):
    read = package.operations[snake(operation_id)].sync_detailed
    answer = read(client=client, **needed(operation_id))
    assert answer.status_code == 200
    package.called.add(operation_id)
    if isinstance(answer.parsed, str):
        assert answer.parsed == answer.content.decode()
    else:
        assert in_utc(answer.parsed.to_dict()) == in_utc(json.loads(answer.content))


def in_utc(answer: dict) -> dict:
    """Both spellings of UTC are one time; the client writes the other one."""
    return json.loads(json.dumps(answer).replace("+00:00", "Z"))


def test_an_evaluation_takes_and_gives_models(package, client):
    models = package.models
    answers = models.Answers(
        swelling=models.AnswersSwelling.ONE_CALF,
        constant_one_leg_pain=models.YesNoAnswer.YES,
        breathless_sudden=models.YesNoAnswer.UNKNOWN,
        age_years=61,
    )
    found = package.operations["evaluate_risk"].sync(
        client=client, body=models.RiskEvaluationRequest(answers=answers)
    )
    assert isinstance(found, models.RiskEvaluation)
    assert found.urgency.level == "same_day"
    assert "suspected-dvt" in [flag.id for flag in found.flags]
    package.called.add("evaluateRisk")


def test_filters_and_errors_are_models_too(package, client):
    models, list_causes = package.models, package.operations["list_causes"]
    supported = list_causes.sync(client=client, verdict=models.VerdictFilter.SUPPORTED)
    assert {cause.evidence.verdict for cause in supported.items} == {"supported"}
    refused = list_causes.sync_detailed(client=client, page=0)
    assert refused.status_code == 422
    assert isinstance(refused.parsed, models.Problem)
    assert [error.pointer for error in refused.parsed.errors] == ["/page"]


def test_a_copy_at_hand_is_not_sent_again(package, client):
    read = package.operations["get_cause"].sync_detailed
    answer = read(client=client, id="alcohol")
    again = read(client=client, id="alcohol", if_none_match=answer.headers["ETag"])
    assert again.status_code == 304
    assert again.parsed is None
