"""Errors in the log: what the operator must mend is louder than a question without an answer."""

import logging

import pytest

from bot.domain.errors import (
    FeaturesUnknown,
    ModelUnusable,
    SoundslikeError,
    StorageFailed,
    TrackNotFound,
    Unavailable,
)
from bot.services.failures import failure_notice


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (TrackNotFound(""), logging.INFO),
        (Unavailable("ReccoBeats", "timed out"), logging.WARNING),
        (StorageFailed("the database x cannot be written: disk full"), logging.ERROR),
        (ModelUnusable("no model x"), logging.ERROR),
    ],
)
def test_level_says_who_must_act(
    caplog: pytest.LogCaptureFixture, error: SoundslikeError, level: int
) -> None:
    caplog.set_level(logging.DEBUG)
    failure_notice(error, "message 7")
    (record,) = caplog.records
    assert record.levelno == level
    assert record.getMessage().startswith("message 7: ")
    assert str(error) in record.getMessage()


def test_what_was_asked_for_and_has_no_answer_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    failure_notice(FeaturesUnknown("A secret song"), "message 7")
    assert caplog.messages == ["message 7: FeaturesUnknown"]
