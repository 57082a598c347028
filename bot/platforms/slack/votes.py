"""Votes on Slack: reactions under a card, the menu and the button "That's right"."""

from dataclasses import replace
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.concurrency.debouncer import Debouncer
from bot.domain.cards import Card
from bot.domain.places import Place
from bot.domain.replies import Notice
from bot.domain.votes import Vote, VoteKind
from bot.platforms.slack import emoji_names, ids, present
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.response_url import respond_to, send_ephemeral
from bot.services.cards import CardService
from bot.services.channel_settings import SettingsService
from bot.services.deduplication import Deduplicator
from bot.services.voting import VotingService

Json = dict[str, Any]


class Votes:
    """Passes votes to the voting service and refreshes cards afterwards."""

    def __init__(
        self,
        *,
        cards: CardService,
        settings: SettingsService,
        voting: VotingService,
        deduplicator: Deduplicator,
        delivery: Delivery,
        refreshes: Debouncer,
    ) -> None:
        self._cards = cards
        self._settings = settings
        self._voting = voting
        self._deduplicator = deduplicator
        self._delivery = delivery
        self._refreshes = refreshes

    async def react(
        self, client: AsyncWebClient, place: Place, event: Json, event_id: str, *, added: bool
    ) -> None:
        """Record a reaction under any message, or its removal; the card's tally confirms it."""
        user, timestamp, name = event["user"], event["item"]["ts"], event["reaction"]
        if added and name == emoji_names.DELETE:
            await self._delete(client, place, timestamp, user)
            return
        parsed = emoji_names.parse_reaction(name)
        if parsed is None:
            return
        async with self._delivery.locks.of(place):
            card = await self._cards.displayed_by(place, timestamp)
            if card is None or not await self._settings.counts_reaction(place, added=added):
                return
            kind, genre = parsed
            vote = Vote(place, card.id, user, kind, genre, added=added, event_id=event_id)
            recorded = await self._voting.record(vote)
        if not isinstance(recorded, Notice):
            self._schedule_refresh(client, place, timestamp, card)

    async def choose(self, client: AsyncWebClient, body: Json) -> None:
        """Record a choice by menu or button, or take it back; confirm it to the person only."""
        action, user = body["actions"][0], body["user"]["id"]
        place = ids.place(body["team"]["id"], body["channel"]["id"])
        card_id = int(action["block_id"].removeprefix(present.CARD_BLOCK))
        # Whether the button gives or takes back depends on the state: a replay would reverse it.
        if not await self._deduplicator.first_time(place, body["trigger_id"]):
            return
        async with self._delivery.locks.of(place):
            vote = await self._vote(action, Vote(place, card_id, user, VoteKind.CHOICE))
            recorded = await self._voting.record(vote)
        text = recorded.text if isinstance(recorded, Notice) else texts.receipt(recorded)
        await send_ephemeral(respond_to(body["response_url"]), text)
        card = await self._cards.get(card_id)
        if card and not isinstance(recorded, Notice):
            self._schedule_refresh(client, place, body["container"]["message_ts"], card)

    async def _vote(self, action: Json, vote: Vote) -> Vote:
        """Return the vote that a choice in the menu or a press of the button stands for."""
        if action["action_id"] == present.AGREE:
            return replace(vote, added=not await self._agrees_already(vote))
        value = action["selected_option"]["value"]
        if value == present.TAKE_BACK:
            return replace(vote, added=False)
        return replace(vote, genre=value)

    async def _agrees_already(self, vote: Vote) -> bool:
        ballot = await self._voting.ballot(vote.place, vote.user, vote.card_id)
        card = await self._cards.get(vote.card_id)
        predicted = card.answer.prediction.best if card else None
        return ballot.has_choice and ballot.counted == predicted

    def _schedule_refresh(
        self, client: AsyncWebClient, place: Place, timestamp: str, card: Card
    ) -> None:
        refresh = partial(self._delivery.refresh, client, place, timestamp, card)
        self._refreshes.schedule((place, timestamp), refresh)

    async def _delete(
        self, client: AsyncWebClient, place: Place, timestamp: str, user: str
    ) -> None:
        """Delete a reply for the person who asked, with its chart."""
        async with self._delivery.locks.of(place):
            allowed = await self._cards.is_answer_to(place, timestamp, user)
        if allowed and await self._delivery.delete(client, place, timestamp):
            # Without the right to read messages, the app receives no event of the deletion.
            await self._delivery.on_deleted(client, place, timestamp)
