"""The same evaluation behind FastAPI, with equal models, to be measured beside ours."""

from typing import Annotated, Any

from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel, ConfigDict

from api.app import make_evaluator
from api.config import CONTENT, Config
from api.domain.answers import problems_with
from api.endpoints.risk_reports import RiskReports
from api.loader import load_library

library = load_library(CONTENT, Config().public_url)
evaluator = make_evaluator(library)
reports = {
    language: RiskReports(catalogue, library.release.ruleset_version)
    for language, catalogue in library.catalogues.items()
}
app = FastAPI()


class Answers(BaseModel):
    model_config = ConfigDict(extra="forbid")

    answers: dict[str, str | int | float]


class Urgency(BaseModel):
    level: str
    title: str
    summary: str
    act_within: str | None = None
    route: str
    route_label: str
    could_reach: str
    settled: bool


class Reason(BaseModel):
    question: str
    answer: str | int | float | None = None
    presumed: bool


class Flag(BaseModel):
    id: str
    title: str
    urgency: str
    presumed: bool
    action: str
    because: list[Reason]
    links: dict[str, str]


class OpenFlag(BaseModel):
    id: str
    urgency: str
    needs: list[str]


class Choice(BaseModel):
    value: str
    label: str


class Question(BaseModel):
    id: str
    type: str
    text: str
    why: str
    unit: str | None = None
    unit_label: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    choices: list[Choice]
    negative: str | int
    ask_if: dict[str, Any] | None = None
    optional: bool
    group: str
    stem: str
    could_reach: str


class Unresolved(BaseModel):
    id: str
    text: str
    who_knows: str
    could_reach: str


class Score(BaseModel):
    id: str
    title: str
    applies: str
    min: int | None = None
    max: int | None = None
    result: str | None = None
    classes: list[str]
    reading: str
    cautions: list[str]
    note: str


class Warned(BaseModel):
    id: str
    message: str


class Withheld(BaseModel):
    id: str
    because: list[str]


class Offered(BaseModel):
    suitable: list[str]
    withheld: list[Withheld]


class Evaluation(BaseModel):
    urgency: Urgency
    flags: list[Flag]
    open_flags: list[OpenFlag]
    next_questions: list[Question]
    unresolved: list[Unresolved]
    scores: list[Score]
    warnings: list[Warned]
    relief_protocols: Offered
    prevention_tips: list[str]
    safety_net: str
    disclaimer: str
    ruleset_version: str
    language: str


@app.post(
    "/v1/risk-evaluations",
    response_model=Evaluation,
    response_model_exclude_none=True,
)
def evaluate(body: Answers, accept_language: Annotated[str, Header()] = "en") -> Any:
    answers = body.answers
    if problems_with(answers, evaluator.questionnaire.questions):
        raise HTTPException(422)
    language = accept_language if accept_language in reports else "en"
    return reports[language].report(evaluator.evaluate(answers), answers)
