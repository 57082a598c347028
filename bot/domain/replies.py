"""What the bot may reply: a card, a summary of a collection, a notice, a pointer to a card."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.cards import Card
from bot.domain.collections import CollectionSummary
from bot.domain.tracks import SubjectRef


class NoticeKind(StrEnum):
    """Reason for which a sentence is sent instead of a card.

    The first group are failures; their values are the error codes of `ask --json`.
    """

    NO_TRACK_LINK = "no_track_link"
    TRACK_NOT_FOUND = "track_not_found"
    COLLECTION_NOT_FOUND = "collection_not_found"
    COLLECTION_UNREADABLE = "collection_unreadable"
    FEATURES_UNKNOWN = "features_unknown"
    NOT_AUDIO = "not_audio"
    NOT_MUSIC = "not_music"
    UNKNOWN_CARD = "unknown_card"
    UNKNOWN_GENRE = "unknown_genre"
    UNAVAILABLE = "unavailable"
    MODEL_ERROR = "model_error"

    DONE = "done"
    HELP = "help"
    HINT = "hint"
    VOICE_MESSAGE = "voice_message"
    FILES_LEFT = "files_left"
    USAGE = "usage"
    NOT_ALLOWED = "not_allowed"
    SWITCHED_OFF = "off"
    PERSON_RATE_LIMITED = "busy"
    CHANNEL_RATE_LIMITED = "channel_busy"
    SEVERAL_MATCHES = "several_matches"
    NO_STATISTICS = "empty"
    STATISTICS = "statistics"
    LEARNED = "learned"


@dataclass(frozen=True, slots=True)
class Choice:
    """A track that a person may mean, to be picked with one press."""

    label: str
    ref: SubjectRef


MAX_CHOICES: Final = 5
"""Choices of a notice."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that is sent instead of a card, with up to MAX_CHOICES tracks to choose from."""

    kind: NoticeKind
    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """A stored summary of a collection. Charts' addresses and planned replies refer to its `id`."""

    id: int
    answer: CollectionSummary


Reply = Card | Summary | Notice


@dataclass(frozen=True, slots=True)
class AlreadyShown:
    """Reply for a track whose card the place displays already, in the message `message_id`."""

    card: Card
    message_id: str
