import pytest

from api.loader.strict_yaml import Document, YamlProblem, read_document


@pytest.fixture
def read(tmp_path):
    """Reads this text, or these bytes, as a file."""

    def read_text(text: str | bytes) -> Document:
        path = tmp_path / "file.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_document(path)

    return read_text


@pytest.mark.parametrize(
    "word",
    [
        *("yes", "no", "Yes", "NO", "y", "n", "on", "off", "ON", "Off"),
        *("True", "TRUE", "False", "Null", "NULL", "truest", "nullable"),
        *("22:30", "1:30", "2026-11-22", "2026.11.0", "10.1000/182"),
        *("012", "0x1f", "0b1", "0o7", "1_000", "1,5", "1e3", "1.5e3"),
        *("+1", ".5", "5.", ".inf", ".nan", "-.inf", "=", "<<", "--1", "a b"),
    ],
)
def test_a_word_stays_text(word, read):
    assert read(f"key: {word}").data == {"key": word}


@pytest.mark.parametrize(
    "text",
    ["'true'", '"true"', ">-\n  true", "|-\n  true"],
)
def test_a_quoted_or_folded_word_stays_text(text, read):
    assert read(f"key: {text}").data == {"key": "true"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("0", 0),
        ("7", 7),
        ("-12", -12),
        ("0.5", 0.5),
        ("-1.50", -1.5),
        ("10.0", 10.0),
        ("null", None),
        ("~", None),
        ("", None),
        ("[yes, 1, null]", ["yes", 1, None]),
        ("{no: 1}", {"no": 1}),
    ],
)
def test_a_value_is_read_as_its_type(text, value, read):
    data = read(f"key: {text}").data
    assert data == {"key": value}
    assert type(data["key"]) is type(value)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "duplicate key 'a'"),
        ("a: 1\n'a': 2\n", 2, "duplicate key 'a'"),
        ("a:\n  b: 1\n  b: 1\n", 3, "duplicate key 'b'"),
        ("a:\n- {b: 1,\n  b: 1}\n", 3, "duplicate key 'b'"),
        ("a: &x [1]\nb: *x\n", 1, "aliases are not allowed: write it out"),
        ("a: 1\nb: &x {c: 1}\nd: [*x]\n", 2, "aliases are not allowed: write it out"),
        ("a: &x [*x]\n", 1, "aliases are not allowed: write it out"),
        ("a: 1\nb: *nobody\n", 2, "found undefined alias"),
        ("a: !odd 1\n", 1, "tags are not allowed"),
        ("", 1, "must be a mapping, not empty"),
        ("# only a comment\n", 1, "must be a mapping, not empty"),
        ("- a\n- b\n", 1, "must be a mapping, not empty"),
        ("a text\n", 1, "must be a mapping, not empty"),
        ("a: 1\n---\nb: 2\n", 2, "but found another document"),
        ("a:\n\t- b\n", 2, "found character that cannot start any token"),
        ("a: b\n\tc: d\n", 2, "found a tab character that violates indentation"),
        ("a: b: c\n", 1, "mapping values are not allowed in this context"),
        (b"a: b\nc: caf\xe9\n", 2, "is not UTF-8 text"),
        ("a: b\n".encode("utf-16"), 1, "is not UTF-8 text"),
    ],
)
def test_what_is_not_strict_is_refused(text, line, message, read):
    with pytest.raises(YamlProblem) as caught:
        read(text)
    assert (caught.value.line, caught.value.message) == (line, message)


def test_a_control_character_is_refused(read):
    with pytest.raises(YamlProblem, match="control characters are not allowed"):
        read("a: b\x07\n")


def test_letters_of_any_language_are_read(read):
    assert read("key: Судорога – 38 °C …").data == {"key": "Судорога – 38 °C …"}


def test_the_same_key_may_stand_in_two_objects(read):
    assert read("a: {c: 1}\nb: {c: 2}").data == {"a": {"c": 1}, "b": {"c": 2}}


NESTED = """\
# a comment
title: A title
steps:
  - id: first
    when:
      all:
        - {question: warm, is: yes}
        - question: swelling
          in: [one_calf, both_legs]
  - id: second
1: a number
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ((), 2),
        (("title",), 2),
        (("steps",), 3),
        (("steps", 0), 4),
        (("steps", 0, "when"), 5),
        (("steps", 0, "when", "all", 0, "is"), 7),
        (("steps", 0, "when", "all", 1), 8),
        (("steps", 0, "when", "all", 1, "in"), 9),
        (("steps", 0, "when", "all", 1, "in", 1), 9),
        (("steps", 1, "id"), 10),
        ((1,), 11),
    ],
)
def test_a_key_is_found_at_its_line(keys, line, read):
    assert read(NESTED).line(keys) == line


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("nothing",), 2),
        (("steps", 2), 3),
        (("steps", "first"), 3),
        (("steps", 0, "nothing"), 4),
        (("steps", 0, "when", "any", 0), 5),
        (("title", "nothing"), 2),
    ],
)
def test_a_missing_key_is_placed_at_what_should_have_it(keys, line, read):
    assert read(NESTED).line(keys) == line
