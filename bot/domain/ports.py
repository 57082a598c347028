"""What the core needs of the outside. Adapters fit these by shape; none inherits."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.cards import Answer, Card, Theme
from bot.domain.channel_settings import ChannelSettings, SettingsChange
from bot.domain.places import Place
from bot.domain.statistics import WorkspaceStats
from bot.domain.tracks import AudioFeatures, Track
from bot.domain.votes import Ballot, Selection
from model.classifier import Prediction, Reason

Now = Callable[[], datetime]
"""The clock: the present moment, in UTC."""


class TrackLookup(Protocol):
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


class ModelRegistry(Protocol):
    """The models at hand."""

    @property
    def names(self) -> Sequence[str]:
        """Their names."""

    async def get(self, name: str | None = None) -> Classifier:
        """Return a model, ready; the one that is set for None. Raises ModelUnusable."""


class Renderer(Protocol):
    """Draws charts, off the event loop."""

    async def chart(self, answer: Answer, theme: Theme) -> bytes:
        """Return a PNG: the same bytes for the same answer and theme."""

    async def stats(
        self, stats: WorkspaceStats, typical: Mapping[str, float], theme: Theme
    ) -> bytes:
        """Return a PNG of a workspace's mean song before a `typical` one, and of its genres."""


class PredictionStore(Protocol):
    """Keeps answers. Raises StorageFailed."""

    async def add(self, answer: Answer, place: Place) -> Card:
        """Store an answer that is about to be given in `place`."""

    async def get(self, card_id: int) -> Card | None:
        """Return a stored answer."""


class MessageStore(Protocol):
    """Remembers the bot's own messages. Raises StorageFailed."""

    async def remember(
        self,
        place: Place,
        message_id: str,
        card_id: int | None,
        *,
        asker: str,
        source: str,
    ) -> None:
        """Note that `message_id` answers the message or command `source` of `asker` (a hash).

        It shows a card, or none when it is only a sentence.
        """

    async def find(self, place: Place, message_id: str) -> Card | None:
        """Return the card that a message shows."""

    async def asked(self, place: Place, message_id: str, asker: str) -> bool:
        """Say whether a message answers `asker`."""

    async def asked_by(self, asker: str, limit: int) -> Sequence[Card]:
        """Return the cards that `asker` asked for last, in any place, the latest first."""

    async def recent(self, place: Place, limit: int) -> Sequence[tuple[str, Card]]:
        """Return the latest messages of a place that show cards, and these, oldest first."""

    async def latest(
        self, place: Place, track_key: str, since: datetime
    ) -> tuple[str, Card] | None:
        """Return the latest message of a place that has shown a card of a track since then."""

    async def drop(self, place: Place, message_id: str) -> Sequence[str]:
        """Forget a message that was deleted, and its answers; return the answers' ids.

        `message_id` may be one of the bot's own (it is forgotten) or one that it has answered.
        """


class VoteStore(Protocol):
    """Keeps votes, under keyed hashes of their givers. Raises StorageFailed."""

    async def record(
        self,
        card_id: int,
        user: str,
        choice: Selection,
        *,
        added: bool,
        event_id: str | None = None,
    ) -> None:
        """Append a vote, or its being taken back; nothing if `event_id` was recorded before."""

    async def ballot(self, card_id: int, user: str) -> Ballot:
        """Return what `user` has said of a card and of its track."""

    async def tally(self, card_id: int) -> Mapping[str, int]:
        """Count the votes on a card that count for their givers, by genre, in falling order."""

    async def forget(self, user: str) -> int:
        """Delete every vote of `user` and their name on every message; return how many votes."""


class EventLog(Protocol):
    """Remembers which deliveries were handled, across restarts."""

    async def first_time(self, event_id: str) -> bool:
        """Note an event; False if it was noted before."""

    async def known(self, event_id: str) -> bool:
        """Say whether an event was noted."""

    async def forget(self, event_id: str) -> None:
        """Let an event be the first again: nothing came of it, and it may be delivered anew."""


class SettingsStore(Protocol):
    """Keeps how the bot behaves where. Raises StorageFailed.

    A place whose channel is empty stands for its whole workspace.
    """

    async def get(self, place: Place) -> ChannelSettings:
        """Return what holds in a place: of each setting its own, its workspace's or the default."""

    async def put(self, place: Place, change: SettingsChange) -> None:
        """Set what a change names, and leave the rest."""

    async def clear(self, place: Place) -> None:
        """Let a place follow its workspace again; a workspace, and all its channels, defaults."""


class StatsStore(Protocol):
    """Counts. Raises StorageFailed."""

    async def of(self, place: Place) -> WorkspaceStats:
        """Return the figures of the workspace that `place` lies in."""


class Vault(Protocol):
    """Keeps what others must not read, sealed with a key. Raises StorageFailed."""

    async def put(self, name: str, secret: str) -> None:
        """Keep a secret under a name, in place of an earlier one."""

    async def get(self, name: str) -> str | None:
        """Return a secret; None when there is none, or when it was sealed with another key."""

    async def take(self, name: str, since: datetime) -> str | None:
        """Return a secret that was put at `since` or later, once: after that it is gone."""

    async def delete(self, name: str) -> None:
        """Erase a secret."""

    async def sweep(self, prefix: str, before: datetime) -> None:
        """Erase the secrets whose names begin so and that were put before a moment."""
