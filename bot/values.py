"""The neutral values that the core and every platform speak in. All frozen; no vendor's type."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from model.classifier import Prediction, Reason


@dataclass(frozen=True, slots=True)
class Track:
    """A recording. `id` is Spotify's; a song of the embedded catalogue may have none.

    `title` is empty when only the id is known. `image` is the cover's address, `duration_ms` the
    length in milliseconds.
    """

    id: str | None
    title: str = ""
    artists: tuple[str, ...] = ()
    url: str | None = None
    image: str | None = None
    isrc: str | None = None
    duration_ms: int | None = None

    @property
    def key(self) -> str:
        """What predictions and votes for this track are kept under."""
        return self.id or f"{self.title} - {', '.join(self.artists)}".casefold()


@dataclass(frozen=True, slots=True)
class AudioFeatures:
    """Measured features by name, valid as in `model.schema`, and the source that gave them."""

    values: Mapping[str, float]
    source: str


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
class Again:
    """In place of a card: the place shows one already, in the message `shown_as`."""

    card: Card
    shown_as: str


class Theme(StrEnum):
    """What a chart is drawn for."""

    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: `platform` is `local`, `discord`, `slack` or `terminal`."""

    platform: str
    workspace: str
    channel: str

    def ruling(self, parent: str | None) -> "Place":
        """Return the place whose settings hold here: of a thread, its parent channel."""
        return replace(self, channel=parent) if parent else self


@dataclass(frozen=True, slots=True)
class Message:
    """Something a person wrote. `text` is read and forgotten: never stored, never logged.

    `id` is the platform's own name of the message or command, unique within its place. `parent` is
    the channel that a thread belongs to: its settings hold in the thread.
    """

    place: Place
    id: str
    user: str
    text: str
    parent: str | None = None


class Mode(StrEnum):
    """When the bot speaks in a channel: to every link, when it is asked, or not at all."""

    AUTO = "auto"
    ON_REQUEST = "on-request"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """How the bot behaves in a channel. `model` is a bundle's name; None is the one set for all.

    With `reactions` off it offers no reactions and counts none.
    """

    mode: Mode = Mode.AUTO
    reactions: bool = True
    model: str | None = None


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """What to set of `ChannelSettings`; None leaves it as it is, or as the workspace has it."""

    mode: Mode | None = None
    reactions: bool | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Stats:
    """What was asked and said in a workspace.

    `tracks` were asked about, in `answers` answers. Of `votes` that count, `agreed` name the
    predicted genre; `confused` are (predicted, voted, how many votes), the most frequent first.
    `genres` counts the tracks predicted for each genre, in falling order; `features` are the means
    over the tracks, empty without any.
    """

    answers: int
    tracks: int
    votes: int
    agreed: int
    confused: tuple[tuple[str, str, int], ...]
    genres: Mapping[str, int]
    features: Mapping[str, float]


class VoteKind(StrEnum):
    """How a vote was given: each kind is taken back on its own."""

    RIGHT = "right"
    REACTION = "reaction"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Choice:
    """One way of saying one genre; a `RIGHT` vote names the predicted one."""

    kind: VoteKind
    genre: str


@dataclass(frozen=True, slots=True)
class Vote:
    """A person's word on a card: `added`, or taken back. `user` is the platform's own id.

    `genre` is ignored for `RIGHT`. `event_id` names the delivery, so that one delivered twice
    counts once; None when the platform has no such name.
    """

    place: Place
    card_id: int
    user: str
    kind: VoteKind
    genre: str | None = None
    added: bool = True
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one person has said of a card.

    `active` are the votes on this card that they have not taken back; `counted` is the one genre
    that counts as their vote for the track, whichever of its cards it was given on.
    """

    active: frozenset[Choice] = frozenset()
    counted: str | None = None
