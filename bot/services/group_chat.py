"""The manners of a chat that many people share: once, by its settings, and not too often."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

from bot import texts
from bot.concurrency.rate_limiter import RateLimiter
from bot.concurrency.single_flight import SingleFlight
from bot.domain import links
from bot.domain.cards import AlreadyShown, Card, Notice, Reply, Theme
from bot.domain.channel_settings import ChannelSettings, Mode, SettingsChange
from bot.domain.errors import ModelUnusable, SoundslikeError, trace
from bot.domain.places import Message, Place
from bot.domain.ports import (
    EventLog,
    MessageStore,
    ModelRegistry,
    Now,
    Renderer,
    SettingsStore,
    StatsStore,
)
from bot.domain.statistics import WorkspaceStats
from bot.domain.tracks import Track
from bot.services.ask import AskService, about
from bot.services.classify import ClassifyService
from bot.services.failure_notices import notice, or_none
from bot.services.voting import HashUser

AGAIN: Final = timedelta(minutes=10)
"""How long a card is pointed to instead of being given again."""

PER_PERSON: Final = 10
PER_CHANNEL: Final = 30
PACE_SECONDS: Final = 60.0

SHORTEST_SEARCH: Final = 2
SUGGEST_WITHIN: Final = 2.0
"""Seconds; Discord drops suggestions that take 3."""

REMEMBERED: Final = 256

AT_ONCE: Final = 4
"""Messages let in at once: a hundred, in one turn of the event loop, would stop it."""

COMING: Final = 15.0
"""Seconds that a second question for a track waits for the card that the first one gets."""

LATELY: Final = 10

_log = logging.getLogger(__name__)


class GroupChat:
    """The use cases behind `handlers.Room`."""

    def __init__(
        self,
        *,
        answers: AskService,
        classify: ClassifyService,
        models: ModelRegistry,
        renderer: Renderer,
        messages: MessageStore,
        events: EventLog,
        settings: SettingsStore,
        stats: StatsStore,
        hashed: HashUser,
        now: Now,
    ) -> None:
        self._answers = answers
        self._classify = classify
        self._models = models
        self._renderer = renderer
        self._messages = messages
        self._events = events
        self._settings = settings
        self._stats = stats
        self._hashed = hashed
        self._now = now
        self._people = RateLimiter(PER_PERSON, PACE_SECONDS)
        self._channels = RateLimiter(PER_CHANNEL, PACE_SECONDS)
        self._entrance = asyncio.Semaphore(AT_ONCE)
        self._told = RateLimiter(1, PACE_SECONDS)
        self._coming: dict[tuple[Place, str], tuple[str, asyncio.Event]] = {}
        self._suggested: SingleFlight[list[Track]] = SingleFlight(REMEMBERED)

    @property
    def models(self) -> Sequence[str]:
        """The models that a channel may choose."""
        return self._models.names

    async def on_pasted(
        self, message: Message, *, addressed: bool
    ) -> Sequence[Reply | AlreadyShown]:
        """Answer the links of a message that everyone reads; `addressed` if it names the bot."""
        found = links.find(message.text)
        if not (found.links or addressed):
            return []
        async with self._entrance:
            settings = await self.settings(message.place.ruling(message.parent))
            wanted = addressed or settings.mode is Mode.AUTO
            if not (wanted and await self.first_time(message.place, message.id)):
                return []
        if refusal := self._refusal(message, settings):
            # Said once: whoever pastes many links at once shall not be answered many times.
            whom = _channel(message) if refusal.code == "channel_busy" else _person(message)
            return [] if self._told.wait(whom) else [refusal]
        if not found.links:
            return [Notice("hint", texts.HINT)]
        tracks, notices = await self._answers.tracks(found.links, message)
        if not tracks:
            return notices[:1]
        replies = (self._once(track_id, message, settings.model) for track_id in tracks)
        return await asyncio.gather(*replies)

    async def on_asked(self, message: Message) -> Sequence[Reply]:
        """Answer a command; empty only for a repeated one."""
        if not await self.first_time(message.place, message.id):
            return []
        settings = await self.settings(message.place.ruling(message.parent))
        if refusal := self._refusal(message, settings):
            return [refusal]
        return await self._answers.to_question(message, settings.model)

    async def on_stats_asked(self, message: Message) -> WorkspaceStats | Notice | None:
        """Return the figures of a workspace for a command; None only for a repeated one."""
        if not await self.first_time(message.place, message.id):
            return None
        settings = await self.settings(message.place.ruling(message.parent))
        return self._refusal(message, settings) or await self.stats(message.place)

    async def suggest(self, text: str) -> Sequence[Track]:
        """Return tracks that may be meant by what was typed so far; empty on trouble."""
        text = " ".join(text.split())
        if len(text) < SHORTEST_SEARCH or links.find(text).links:
            return []
        try:
            async with asyncio.timeout(SUGGEST_WITHIN):
                search = self._suggested.get(text.casefold(), lambda: self._classify.suggest(text))
                return await search
        except (SoundslikeError, TimeoutError) as error:
            _log.info("no suggestions: %s", trace(error))
            return []

    async def settings(self, place: Place) -> ChannelSettings:
        """Return how the bot behaves in a place; the defaults when it cannot be read."""
        return await or_none(self._settings.get(place), "settings") or ChannelSettings()

    async def held(self, place: Place) -> Notice:
        """Say how the bot behaves in a place."""
        return Notice("done", _holds(place, await self.settings(place)))

    async def change(self, place: Place, change: SettingsChange | None) -> Notice:
        """Set how the bot behaves in a place, or in a workspace; None takes all of it back."""
        try:
            if change is None:
                await self._settings.clear(place)
            elif change.model is not None and change.model not in self.models:
                raise ModelUnusable(f"there is no model {change.model!r}")
            else:
                await self._settings.put(place, change)
            return Notice("done", _holds(place, await self._settings.get(place)))
        except SoundslikeError as error:
            return notice(error, "settings")

    async def stats(self, place: Place) -> WorkspaceStats | Notice:
        """Return the figures of the workspace of `place`."""
        try:
            found = await self._stats.of(place)
        except SoundslikeError as error:
            return notice(error, "stats")
        return found if found.answers else Notice("empty", texts.NO_STATS)

    async def stats_chart(self, stats: WorkspaceStats, theme: Theme) -> bytes | None:
        """Draw a workspace's figures; None when they cannot be drawn."""
        try:
            typical = await self._typical(next(iter(stats.genres)))
            return await self._renderer.stats(stats, typical, theme)
        except Exception as error:  # noqa: BLE001 - figures without their picture are still figures
            _log.error("stats: no chart: %s", trace(error))
            return None

    async def on_deleted(self, place: Place, message_id: str) -> Sequence[str]:
        """Note that a message is gone; return the answers to it, which should go too."""
        about_it = f"message {message_id}"
        # In this order: an answer that another process is about to note is then found here, or
        # finds the message gone.
        await or_none(self._events.first_time(_deletion_id(place, message_id)), about_it)
        return await or_none(self._messages.drop(place, message_id), about_it) or []

    async def is_gone(self, place: Place, message_id: str) -> bool:
        """Say whether a message is known to be deleted; to be asked once its answer is noted."""
        known = self._events.known(_deletion_id(place, message_id))
        return bool(await or_none(known, f"message {message_id}"))

    async def first_time(self, place: Place, event_id: str) -> bool:
        """Note a message or another delivery in a place; False if it was noted before.

        True also when that fails, as an answer twice is better than none.
        """
        first = self._events.first_time(_event_id(place, event_id))
        return await or_none(first, f"message {event_id}") is not False

    def on_shown(self, message: Message) -> None:
        """Let those go on who wait for the cards of a message, to point at them."""
        for key, (asked_by, shown) in list(self._coming.items()):
            if asked_by == message.id and key[0] == message.place:
                shown.set()
                del self._coming[key]

    async def on_undelivered(self, message: Message) -> None:
        """Note that no answer arrived: delivered again, the message is a new one."""
        self.on_shown(message)
        event_id = _event_id(message.place, message.id)
        await or_none(self._events.forget(event_id), about(message))

    async def lately(self, place: Place, user: str) -> Sequence[Card]:
        """Return the cards that a person asked for last, in any channel, the latest first."""
        asker = self._hashed(place, user)
        return await or_none(self._messages.asked_by(asker, LATELY), "lately") or []

    async def asked(self, place: Place, shown_as: str, user: str) -> bool:
        """Say whether a message of the bot's answers this person."""
        asked = self._messages.asked(place, shown_as, self._hashed(place, user))
        return bool(await or_none(asked, f"message {shown_as}"))

    async def _once(
        self, track_id: str, message: Message, model: str | None
    ) -> Reply | AlreadyShown:
        """Answer for a track, or point at the card that shows it here, or is about to."""
        key = (message.place, track_id)
        if coming := self._coming.get(key):
            with suppress(TimeoutError):
                await asyncio.wait_for(coming[1].wait(), COMING)
        latest = self._messages.latest(message.place, track_id, self._now() - AGAIN)
        shown = await or_none(latest, about(message))
        if shown and shown[1].answer.model.name == await self._name(model):
            return AlreadyShown(shown_as=shown[0], card=shown[1])
        self._coming[key] = message.id, asyncio.Event()
        asyncio.get_running_loop().call_later(COMING, self._forget_coming, key, message.id)
        return await self._answers.to_track(track_id, message, model)

    def _forget_coming(self, key: tuple[Place, str], message_id: str) -> None:
        """Wait no longer for a card that never came."""
        if (coming := self._coming.get(key)) and coming[0] == message_id:
            coming[1].set()
            del self._coming[key]

    async def _name(self, model: str | None) -> str | None:
        """Return the name of the model that answers for `model`."""
        found = await or_none(self._models.get(model), f"model {model}")
        return found.name if found else None

    async def _typical(self, genre: str) -> Mapping[str, float]:
        """Return the typical song of a genre, from a model that knows it."""
        for name in (None, *self.models):
            with suppress(KeyError):
                return (await self._models.get(name)).typical(genre)
        return {}

    def _refusal(self, message: Message, settings: ChannelSettings) -> Notice | None:
        """Say why there is no answer: the bot is switched off here, or this goes too fast."""
        if settings.mode is Mode.OFF:
            return Notice("off", texts.SWITCHED_OFF)
        if left := self._people.left(_person(message)):
            return Notice("busy", texts.slow_down(left))
        if wait := self._channels.wait(_channel(message)):
            return Notice("channel_busy", texts.channel_busy(wait))
        self._people.wait(_person(message))
        return None


def _holds(place: Place, settings: ChannelSettings) -> str:
    return texts.settings(settings, everywhere=not place.channel)


def _channel(message: Message) -> str:
    return _in(message.place)


def _person(message: Message) -> str:
    return f"{message.place.platform}/{message.place.workspace}/{message.user}"


def _in(place: Place) -> str:
    return f"{place.platform}/{place.workspace}/{place.channel}"


def _event_id(place: Place, message_id: str) -> str:
    return f"{_in(place)}/{message_id}"


def _deletion_id(place: Place, message_id: str) -> str:
    return f"{_event_id(place, message_id)}/deleted"
