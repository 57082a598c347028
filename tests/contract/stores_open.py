"""All stores at once, as the contract tests want them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.ports import (
    EventLog,
    FeedbackStore,
    MessageStore,
    PredictionStore,
    SettingsStore,
    StatsStore,
    Vault,
)
from bot.storage.engine import open_database
from bot.storage.events import Events
from bot.storage.feedback import Feedback
from bot.storage.messages import Messages
from bot.storage.predictions import Predictions
from bot.storage.seal import Seal
from bot.storage.settings import Settings
from bot.storage.stats import Statistics
from bot.storage.vault import SealedVault
from bot.values import Card, Choice, Place, Track
from tests.contract.stores_values import ALICE, HERE, KEY, TRACK, Ticking, about, with_genre
from tests.fakes_storage import (
    FakeEvents,
    FakeFeedback,
    FakeMessages,
    FakePredictions,
    FakeSettings,
    FakeStats,
)
from tests.fakes_vault import FakeVault, Kept


@dataclass(frozen=True)
class Stores:
    """The stores, and the clock that they share; `vault_with` gives the vault under other keys."""

    predictions: PredictionStore
    messages: MessageStore
    feedback: FeedbackStore
    events: EventLog
    settings: SettingsStore
    stats: StatsStore
    vault: Vault
    vault_with: Callable[[Sequence[str]], Vault]
    now: Ticking

    async def card(
        self, track: Track = TRACK, genre: str = "country", place: Place = HERE, **features: float
    ) -> Card:
        """Store an answer."""
        answer = with_genre(about(track, **features), genre, "other")
        return await self.predictions.add(answer, place)

    async def say(
        self, card: Card, choice: Choice, user: str = ALICE, *, added: bool = True
    ) -> None:
        """Record a vote, or its being taken back."""
        await self.feedback.record(card.id, user, choice, added=added)

    async def show(
        self,
        message_id: str,
        card: Card | None = None,
        place: Place = HERE,
        *,
        source: str = "question",
        asker: str = ALICE,
    ) -> None:
        """Remember a message of the bot's own."""
        card_id = card.id if card else None
        await self.messages.remember(place, message_id, card_id, asker=asker, source=source)


def fakes() -> Stores:
    """Return the stores in memory."""
    now = Ticking()
    predictions = FakePredictions()
    messages = FakeMessages(predictions, now)
    feedback = FakeFeedback(predictions, messages)
    stats = FakeStats(predictions, feedback)
    kept: dict[str, Kept] = {}

    def vault_with(keys: Sequence[str]) -> Vault:
        return FakeVault(now, keys, kept)

    return Stores(
        predictions,
        messages,
        feedback,
        FakeEvents(),
        FakeSettings(),
        stats,
        vault_with([KEY]),
        vault_with,
        now,
    )


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Stores]:
    """Open the database at `url`."""
    now = Ticking()
    async with open_database(url) as database:

        def vault_with(keys: Sequence[str]) -> Vault:
            return SealedVault(database, now, Seal(keys))

        yield Stores(
            Predictions(database, now),
            Messages(database, now),
            Feedback(database, now),
            Events(database, now),
            Settings(database),
            Statistics(database),
            vault_with([KEY]),
            vault_with,
            now,
        )
