"""Explains an evaluation in the terminal: `python -m api.explain answers.yaml`.

The file is YAML as in content/: `urine_dark: yes`, one answer a line. Prints the level,
and for every flag that is raised or open how its rule came to that.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from api.app import make_evaluator
from api.config import CONTENT, Config
from api.domain.answers import InvalidAnswers, check_answers
from api.domain.evaluation import Evaluator
from api.domain.findings import Finding
from api.domain.library import Catalogue
from api.domain.truth import FALSE, TRUE, UNKNOWN
from api.domain.wording import Wording
from api.loader import ContentError, load_library
from api.loader.strict_yaml import YamlProblem, read_document

MARKS = {TRUE: "[x]", FALSE: "[ ]", UNKNOWN: "[?]"}


def main(arguments: list[str] | None = None) -> int:
    """Print the explanation; 1, with every problem, when the answers cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        library = load_library(CONTENT, Config().public_url)
        catalogue = library.catalogue(options.lang)
        evaluator = make_evaluator(library)
        answers = read_document(options.answers).data
        check_answers(answers, evaluator.questionnaire.questions)
    except InvalidAnswers as error:
        for problem in error.problems:
            words = problem.message.within(catalogue.messages)
            place = f"{problem.question}: " if problem.question is not None else ""
            print(f"{options.answers}: {place}{words}", file=sys.stderr)
        return 1
    except (ContentError, YamlProblem, OSError) as error:
        print(f"{options.answers}: {error}", file=sys.stderr)
        return 1
    for line in explanation(evaluator, catalogue, answers):
        print(line)
    return 0


def explanation(
    evaluator: Evaluator, catalogue: Catalogue, answers: dict
) -> Iterator[str]:
    """The lines of the explanation of `answers`."""
    found = evaluator.evaluate(answers)
    titles = {level.id: level.title for level in catalogue.rules.levels}
    reach = "" if found.settled else f" -> {titles[found.could_reach]}?"
    yield f"{found.level}: {titles[found.level]}{reach}"
    for id in found.warnings:
        yield f"! {next(c.message for c in catalogue.rules.checks if c.id == id)}"
    wording = Wording(catalogue)
    for flag, finding in evaluator.explain(answers):
        if finding.truth is not FALSE:
            yield ""
            title = catalogue.risk_flags[flag.id].title
            yield f"{MARKS[finding.truth]} {flag.urgency}: {title} ({flag.id})"
            yield from _tree(finding, wording, 1)


def _tree(finding: Finding, wording: Wording, depth: int) -> Iterator[str]:
    presumed = " *" if finding.presumed else ""
    indent = "    " * depth
    yield f"{indent}{MARKS[finding.truth]}{presumed} {wording.line(finding.condition)}"
    if finding.parts:
        for part in finding.parts:
            yield from _tree(part, wording, depth + 1)
        return
    for reason in finding.reasons:
        if not reason.presumed:
            yield f"{indent}    = {reason.question}: {reason.answer}"
    for id in sorted(finding.missing):
        yield f"{indent}    ? {id}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="explain", description=__doc__)
    parser.add_argument("answers", type=Path, help="a YAML file of answers")
    parser.add_argument("--lang", default="en", choices=["en", "ru"])
    return parser


if __name__ == "__main__":
    sys.exit(main())
