"""Votes and the labels that they make."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CastVote:
    """A person's vote that counts for a track.

    Attributes:
        voter: Keyed hash of the person.
        track: The track's key.
        title: Its title; "" if unknown.
        artists: Its artists; empty if unknown.
        genre: The genre voted for, one of `model.genres.WIDE`.
        shown: The genre that the card predicted on which the person voted.
        platform: Platform on which they voted.
        workspace: Server or workspace in which they voted.
        at: When.
        features: Feature values of the track; those unknown are missing.
    """

    voter: str
    track: str
    title: str
    artists: tuple[str, ...]
    genre: str
    shown: str
    platform: str
    workspace: str
    at: datetime
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class AgreedLabel:
    """A genre that people agree on for a track.

    Attributes:
        track: The track's key.
        title: Its title; "" if unknown.
        artists: Its artists; empty if unknown.
        genre: The genre.
        weight: Weight of the label in training, relative to a row of a table; above 0.
        voters: Number of people who agree.
        features: Feature values of the track; those unknown are missing.
    """

    track: str
    title: str
    artists: tuple[str, ...]
    genre: str
    weight: float
    voters: int
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What people agree on.

    Attributes:
        labels: The labels, ordered by track.
        left_out: Number of tracks that have no label, by the reason as a clause.
        reliability: Estimated share of right votes of each voter, 0-1, by their hash.
        votes_left_out: Number of votes that did not count, by the reason as a clause.
    """

    labels: tuple[AgreedLabel, ...]
    left_out: Mapping[str, int]
    reliability: Mapping[str, float]
    votes_left_out: Mapping[str, int] = field(default_factory=dict)
