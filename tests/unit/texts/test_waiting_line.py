"""The sentence about a waiting sound is recognised where it is displayed."""

import pytest

from bot.platforms.discord.present import plain_sentence
from bot.texts import sound


@pytest.mark.parametrize("name", ["song.mp3", "a “b”.mp3", "*x* <@1>.mp3", "x" * 500, ""])
@pytest.mark.parametrize("before", [0, 1, 12])
def test_sentence_for_whoever_waits_is_recognised(name: str, before: int) -> None:
    sentence = sound.waiting_to_listen(name, before)
    assert sound.is_waiting(sentence)
    assert sound.is_waiting(plain_sentence(sentence))


@pytest.mark.parametrize(
    "text",
    ["", "Old Town Road", "I can't play “song.mp3”: it is damaged.", "“x” is next. And more"],
)
def test_other_sentences_are_not(text: str) -> None:
    assert not sound.is_waiting(text)
