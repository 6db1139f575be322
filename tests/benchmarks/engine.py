"""How long the engine alone takes for typical answers: the worked cases."""

import statistics
import timeit

from api.app import make_evaluator
from api.config import CONTENT, Config
from api.loader import load_library

ROUNDS, EVALUATIONS = 7, 200


def main() -> None:
    """Print microseconds for each vignette: the best of seven rounds."""
    library = load_library(CONTENT, Config().public_url)
    evaluator = make_evaluator(library)
    catalogue = library.catalogue(library.original)
    cases = {
        id: evaluator.questionnaire.completed(vignette)
        for id, vignette in catalogue.vignettes.items()
    }
    found = {id: microseconds(evaluator, answers) for id, answers in cases.items()}
    for id, time in sorted(found.items(), key=lambda pair: pair[1]):
        print(f"{time:8.1f} us  {id}")
    print(f"{statistics.median(found.values()):8.1f} us  median of {len(found)} cases")
    print(f"{microseconds(evaluator, {}):8.1f} us  nothing asked yet")


def microseconds(evaluator, answers) -> float:
    """The best round: what disturbs a round only ever makes it longer."""
    rounds = timeit.repeat(
        lambda: evaluator.evaluate(answers), number=EVALUATIONS, repeat=ROUNDS
    )
    return min(rounds) / EVALUATIONS * 1e6


if __name__ == "__main__":
    main()
