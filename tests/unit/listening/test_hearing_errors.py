"""Errors of decoding become those of the bot, with all that they say."""

import io
from typing import BinaryIO

import pytest

from bot.domain import errors
from bot.listening.hearing import Hearing
from model.sound.cancellation import Cancellation
from model.sound.errors import NotAudio, Problem


@pytest.mark.parametrize("limit", [None, 5 << 20])
def test_problem_format_and_limit_are_passed_on(limit: int | None) -> None:
    def decode(_: BinaryIO, *, cancellation: Cancellation) -> bytes:
        assert not cancellation.is_cancelled
        raise NotAudio(Problem.TOO_BIG, "wav", limit)

    with pytest.raises(errors.NotAudio) as caught:
        Hearing(decode).hear(io.BytesIO())
    found = caught.value
    assert (found.problem, found.format, found.limit) == (Problem.TOO_BIG, "wav", limit)
