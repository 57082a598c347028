"""Conditions on people's votes: which of them may train a model."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal, not_
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from bot.domain.places import PAGE, PUBLIC
from bot.storage.learning_tables import feedback_votes
from model.feedback import SOUND_KEY
from model.schema import CORE, MINIMUM_CORE


def is_public(columns: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[bool]:
    """Return whether a row with the columns `platform` and `workspace` is of a public page."""
    return and_(columns.platform == PAGE, columns.workspace == PUBLIC)


def is_sound(track_key: ColumnElement[str]) -> ColumnElement[bool]:
    """Return whether the key of a track is that of a sound file."""
    return track_key.startswith(SOUND_KEY)


def can_train(*, public: bool) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions on rows of `feedback_votes` whose votes may train a model.

    They are on songs of which enough features are known, not on sound files, and on a public page
    only with `public`.
    """
    view = feedback_votes.c
    yield not_(is_sound(view.track))
    known = (case((view[name].is_not(None), 1), else_=0) for name in CORE)
    yield sum(known, literal(0)) >= MINIMUM_CORE
    if not public:
        yield not_(is_public(view))
