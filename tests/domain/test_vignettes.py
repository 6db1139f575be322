"""The worked cases: exactly what each was written to show."""

import pytest

from api.config import CONTENT

VIGNETTES = sorted(path.stem for path in (CONTENT / "vignettes").glob("*.yaml"))


def test_there_are_vignettes(content):
    assert VIGNETTES == sorted(content.vignettes) != []


@pytest.mark.parametrize("id", VIGNETTES)
def test_a_vignette_comes_to_what_it_expects(evaluator, content, id):
    vignette = content.vignettes[id]
    expected = vignette.expected
    found = evaluator.evaluate(evaluator.questionnaire.completed(vignette))
    wells = next(score for score in found.scores if score.score.id == "wells-dvt")
    points = expected.wells_points or (wells.minimum, wells.maximum)
    assert found.level == expected.level
    assert {raised.flag.id for raised in found.flags} == set(expected.flags)
    assert len(found.flags) == len(expected.flags)
    assert found.settled is expected.settled
    assert found.could_reach == (expected.could_reach or expected.level)
    assert (wells.minimum, wells.maximum) == points
    if expected.unresolved:
        assert tuple(q.question for q in found.unresolved) == expected.unresolved
