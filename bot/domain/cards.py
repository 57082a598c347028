"""Answers, the cards that show them, and what else a reply may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.tracks import AudioFeatures, Track
from model.classifier import Prediction, Reason


@dataclass(frozen=True, slots=True)
class ModelRef:
    """Which model answered."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Answer:
    """All that is said about a track.

    `typical` holds the features of the predicted genre's typical song, for the radar chart.
    """

    track: Track
    features: AudioFeatures
    prediction: Prediction
    reasons: tuple[Reason, ...]
    typical: Mapping[str, float]
    model: ModelRef


@dataclass(frozen=True, slots=True)
class Card:
    """An answer that was stored: `id` names it in votes and in the address of its chart."""

    id: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence in place of a card; `code` as in `SoundslikeError`, or `help`, `done`."""

    code: str
    text: str


Reply = Card | Notice


@dataclass(frozen=True, slots=True)
class AlreadyShown:
    """In place of a card: the place shows one already, in the message `shown_as`."""

    card: Card
    shown_as: str


class Theme(StrEnum):
    """What a chart is drawn for."""

    DARK = "dark"
    LIGHT = "light"
