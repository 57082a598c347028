"""What the core needs of the outside. Adapters fit these by shape; none inherits."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.values import (
    Answer,
    AudioFeatures,
    Ballot,
    Card,
    Choice,
    Message,
    Notice,
    Place,
    Reply,
    Theme,
    Track,
    Vote,
)
from model.classifier import Prediction, Reason

Now = Callable[[], datetime]
"""The clock: the present moment, in UTC."""


class TrackCatalog(Protocol):
    """Knows tracks. Raises Unavailable; None and [] mean that it does not know."""

    async def get(self, track_id: str) -> Track | None:
        """Look a track up by its Spotify id."""

    async def search(self, text: str) -> Sequence[Track]:
        """Find tracks by free text ("title", "title - artist"), best first, at most ten."""


class FeatureProvider(Protocol):
    """Knows audio features. Raises Unavailable; None means that it does not know the track."""

    async def features(self, track: Track) -> AudioFeatures | None:
        """Return what is known of `track`, valid by `model.schema`."""


class LinkResolver(Protocol):
    """Follows short links."""

    async def resolve(self, url: str) -> str | None:
        """Return the address that a short link leads to, None when it leads nowhere of ours."""


class Classifier(Protocol):
    """A model that is ready to serve; microseconds, so it runs on the event loop."""

    @property
    def name(self) -> str:
        """The model's name."""

    @property
    def version(self) -> str:
        """The model's version."""

    def predict(self, values: Mapping[str, float]) -> Prediction:
        """Classify one song; raises model.errors.TooFewFeatures."""

    def explain(self, values: Mapping[str, float], genre: str) -> tuple[Reason, ...]:
        """Return what speaks most for `genre`."""

    def typical(self, genre: str) -> Mapping[str, float]:
        """Return the features of the genre's typical song."""


class Renderer(Protocol):
    """Draws charts, off the event loop."""

    async def chart(self, answer: Answer, theme: Theme) -> bytes:
        """Return a PNG: the same bytes for the same answer and theme."""


class PredictionStore(Protocol):
    """Keeps answers. Raises StorageFailed."""

    async def add(self, answer: Answer, place: Place) -> Card:
        """Store an answer that is about to be given in `place`."""

    async def get(self, card_id: int) -> Card | None:
        """Return a stored answer."""


class MessageStore(Protocol):
    """Remembers which message shows which card. Raises StorageFailed."""

    async def remember(self, place: Place, message_id: str, card_id: int, asker: str) -> None:
        """Note that `message_id` shows a card that `asker` (a keyed hash) asked for."""

    async def find(self, place: Place, message_id: str) -> Card | None:
        """Return the card that a message shows."""

    async def recent(self, place: Place, limit: int) -> Sequence[tuple[str, Card]]:
        """Return the latest messages of a place and their cards, oldest first."""


class FeedbackStore(Protocol):
    """Keeps votes, under keyed hashes of their givers. Raises StorageFailed."""

    async def record(
        self, card_id: int, user: str, choice: Choice, *, added: bool, event_id: str | None = None
    ) -> None:
        """Append a vote, or its being taken back; nothing if `event_id` was recorded before."""

    async def ballot(self, card_id: int, user: str) -> Ballot:
        """Return what `user` has said of a card and of its track."""

    async def forget(self, user: str) -> int:
        """Delete every vote of `user` and their name on every message; return how many votes."""


class EventLog(Protocol):
    """Remembers which deliveries were handled, across restarts."""

    async def first_time(self, event_id: str) -> bool:
        """Note an event; False if it was noted before."""


class Handlers(Protocol):
    """What the core offers to a platform. None of these raises: what went wrong is a Notice."""

    async def on_message(self, message: Message) -> Sequence[Reply]:
        """Answer the links of an ordinary message; empty when there is nothing to say."""

    async def on_question(self, message: Message) -> Sequence[Reply]:
        """Answer someone who asked: `text` is a link or "song - artist"; never empty."""

    async def on_shown(self, message: Message, shown_as: str, card: Card) -> None:
        """Note that `card`, the reply to `message`, is shown by the message `shown_as`."""

    async def on_vote(self, vote: Vote) -> Ballot | Notice:
        """Record a vote, a correction, or its being taken back."""

    async def on_forget(self, place: Place, user: str) -> Notice:
        """Delete what is kept about a person."""

    async def ballot(self, place: Place, user: str, card_id: int) -> Ballot:
        """Return what a person has said of a card; empty when it cannot be read."""

    async def chart(self, card: Card, theme: Theme) -> bytes | None:
        """Draw a card's chart; None when it cannot be drawn."""

    async def card_shown(self, place: Place, shown_as: str) -> Card | None:
        """Return the card that a message shows."""

    async def card(self, card_id: int) -> Card | None:
        """Return a card that was given before."""

    async def history(self, place: Place) -> Sequence[tuple[str, Card]]:
        """Return the latest cards of a place with the messages that show them, oldest first."""


Ready = Callable[[str], Awaitable[None]]
"""Told, in one line for the operator, that a platform is up."""


class Platform(Protocol):
    """A chat."""

    @property
    def name(self) -> str:
        """Its name in `--platform`."""

    async def run(self, handlers: Handlers, ready: Ready) -> None:
        """Connect, call `ready` with one line for the log, serve until cancelled, then clean up."""
