"""`python -m api.explain`: how answers come to their urgency, in the terminal."""

import pytest

from api.explain import main

EMERGENCY = """\
swelling: one_calf
constant_one_leg_pain: yes
chest_or_upper_back_pain: yes
age_years: 61.5
warm: unknown
"""
PRESUMED = "new_leg_or_foot_weakness: yes\n"
INVALID = "swelling: maybe\nno_such: yes\nage_years: 200\nwarm: yes\n"


@pytest.fixture
def explain(tmp_path, capsys, library, monkeypatch):
    """Runs the command on answers: what it returns, prints, and complains about."""
    monkeypatch.setattr("api.explain.load_library", lambda *_: library)

    def run(answers: str | None, *options: str):
        path = tmp_path / "answers.yaml"
        if answers is not None:
            path.write_text(answers, encoding="utf-8")
        code = main([str(path), *options])
        return code, *capsys.readouterr()

    return run


def block(output: str, flag: str) -> list[str]:
    """The lines of one flag."""
    (found,) = [b for b in output.split("\n\n") if f"({flag})" in b.splitlines()[0]]
    return found.splitlines()


def test_an_emergency_comes_with_what_it_rests_on(explain):
    code, output, complaints = explain(EMERGENCY)
    assert (code, complaints) == (0, "")
    assert output.startswith("emergency: ")
    first, *rest = block(output, "suspected-pe")
    assert first.startswith("[x] emergency: ")
    answers = [line.strip() for line in rest if line.strip().startswith("=")]
    assert "= chest_or_upper_back_pain: yes" in answers
    assert "= swelling: one_calf" in answers


def test_an_open_flag_comes_with_what_it_lacks(explain):
    _, output, _ = explain(EMERGENCY)
    first, *rest = block(output, "acute-confusion")
    assert first.startswith("[?] emergency: ")
    assert rest[-1].strip() == "? confused_or_drowsy"


def test_an_unknown_answer_is_lacking_like_one_that_was_not_asked(explain):
    _, output, _ = explain("urine_dark: unknown\n")
    assert block(output, "dark-urine")[-1].strip() == "? urine_dark"


def test_a_level_that_may_rise_says_how_far(explain):
    _, output, _ = explain("swelling: one_calf\n")
    level = output.splitlines()[0]
    assert level.startswith("same_day: ")
    assert level.endswith(" -> Get emergency help now?")


def test_a_settled_level_says_nothing_more(explain):
    _, output, _ = explain(EMERGENCY)
    assert "->" not in output.splitlines()[0]


def test_flags_that_do_not_hold_are_left_out(explain):
    _, output, _ = explain(PRESUMED + "urine_dark: no\n")
    assert "(new-neuro-deficit)" in output
    assert "(dark-urine)" not in output


def test_what_was_presumed_is_marked(explain):
    _, output, _ = explain(PRESUMED)
    _, _, known, answer, presumed = block(output, "new-neuro-deficit")
    assert known.strip().startswith("[x] One leg or foot weaker than usual")
    assert answer.strip() == "= new_leg_or_foot_weakness: yes"
    assert presumed.strip().startswith("[x] * ")


def test_an_answer_takes_the_mark_away(explain):
    _, output, _ = explain(PRESUMED + "onset: sudden_under_24h\n")
    assert "*" not in "".join(block(output, "new-neuro-deficit"))


def test_a_contradiction_is_told(explain, library):
    _, output, _ = explain("ecq_pain_walking: no\necq_level: yes\n")
    checks = {check.id: check for check in library.catalogue("en").rules.checks}
    assert f"! {checks['ecq-contradiction'].message}" in output.splitlines()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_it_speaks_the_language_asked_for(explain, library, language):
    _, output, _ = explain(EMERGENCY, "--lang", language)
    content = library.catalogue(language)
    titles = {level.id: level.title for level in content.rules.levels}
    assert output.splitlines()[0] == f"emergency: {titles['emergency']}"
    assert content.risk_flags["suspected-pe"].title in output


@pytest.mark.parametrize(
    ("language", "words"), [("en", "no such question"), ("ru", "нет")]
)
def test_invalid_answers_are_refused_with_every_problem(explain, language, words):
    code, output, complaints = explain(INVALID, "--lang", language)
    assert (code, output) == (1, "")
    lines = complaints.splitlines()
    assert [line.split(": ")[1] for line in lines] == [
        *("swelling", "no_such", "age_years")
    ]
    assert words in lines[1].lower()
    assert "one_calf" in lines[0]
    assert "120" in lines[2]


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        ("warm: yes\nwarm: no\n", "line 2: duplicate key 'warm'"),
        ("- warm\n", "must be a mapping"),
        ("", "must be a mapping"),
        ("warm: [yes\n", "line "),
    ],
)
def test_a_file_that_is_no_answers_is_refused(explain, answers, complaint):
    code, output, complaints = explain(answers)
    assert (code, output) == (1, "")
    assert "answers.yaml: " in complaints
    assert complaint in complaints


def test_it_reads_the_content_of_the_service(tmp_path, capsys):
    answers = tmp_path / "answers.yaml"
    answers.write_text(EMERGENCY)
    assert main([str(answers)]) == 0
    assert capsys.readouterr().out.startswith("emergency: ")


def test_a_missing_file_is_refused(explain):
    code, output, complaints = explain(None)
    assert (code, output) == (1, "")
    assert "answers.yaml: " in complaints
    assert "No such file" in complaints
    assert "Traceback" not in complaints


def test_another_language_is_refused(explain):
    with pytest.raises(SystemExit) as error:
        explain(PRESUMED, "--lang", "xx")
    assert error.value.code == 2


def test_too_many_answers_are_told_without_a_question(tmp_path, capsys):
    answers = tmp_path / "answers.yaml"
    answers.write_text("".join(f"q{number}: yes\n" for number in range(200)))
    assert main([str(answers)]) == 1
    assert "None" not in capsys.readouterr().err
