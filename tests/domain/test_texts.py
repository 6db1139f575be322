"""Messages: ids that become words in the language of the client."""

import pytest

from api.domain.texts import Message, Messages

MESSAGES = Messages(
    problems={},
    templates={
        "plain": "Nothing to fill in.",
        "range": "“{value}” is not from {minimum} to {maximum}.",
    },
)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (Message("plain"), "Nothing to fill in."),
        (Message("plain", unused=1), "Nothing to fill in."),
        (Message("range", value="x", minimum=1, maximum=9), "“x” is not from 1 to 9."),
        (
            Message("range", value="{minimum}", minimum=1, maximum=9),
            "“{minimum}” is not from 1 to 9.",
        ),
    ],
    ids=str,
)
def test_a_message_has_the_words_of_its_template(message, words):
    assert message.within(MESSAGES) == words


@pytest.mark.parametrize("message", [Message("no-such"), Message("range", value="x")])
def test_a_message_without_a_template_or_a_value_is_a_mistake(message):
    with pytest.raises(KeyError):
        message.within(MESSAGES)


def test_a_message_is_its_id():
    assert Message("plain", value=1) == "plain"
    assert Message("plain", value=1).values == {"value": 1}


def test_a_value_may_be_called_id():
    assert Message("plain", id="x").values == {"id": "x"}
