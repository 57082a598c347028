"""Reactions and choices: what people say of a card."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.concurrency.debouncer import Debouncer
from bot.domain.cards import Card, Notice
from bot.domain.places import Place
from bot.domain.votes import Ballot, Vote, VoteKind
from bot.platforms.slack import emoji_names, ids, present
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.response_url import tell, through
from bot.services.handlers import SharedHandlers

Json = dict[str, Any]


class Votes:
    """Hands votes to the core, and shows quietly that they were heard."""

    def __init__(self, handlers: SharedHandlers, delivery: Delivery, later: Debouncer) -> None:
        self._handlers = handlers
        self._delivery = delivery
        self._later = later

    async def react(
        self, client: AsyncWebClient, place: Place, event: Json, event_id: str, *, added: bool
    ) -> None:
        """Take a reaction, or its being taken back, under any message."""
        user, sent, name = event["user"], event["item"]["ts"], event["reaction"]
        if added and name == emoji_names.DELETE:
            await self._delete(client, place, sent, user)
            return
        said = emoji_names.said(name)
        if said is None:
            return
        async with self._delivery.turns.of(place):
            card = await self._handlers.card_shown(place, sent)
            # What was said while reactions counted can always be taken back.
            if card is None or (added and not await self._count(place)):
                return
            kind, genre = said
            vote = Vote(place, card.id, user, kind, genre, added=added, event_id=event_id)
            heard = await self._handlers.on_vote(vote)
        if isinstance(heard, Ballot):
            self._refresh_later(client, place, sent, card)

    async def choose(self, client: AsyncWebClient, body: Json) -> None:
        """Take a choice under a card, or take it back; the person is told, and nobody else."""
        action, user = body["actions"][0], body["user"]["id"]
        place = ids.place(body["team"]["id"], body["channel"]["id"])
        card_id = int(action["block_id"].removeprefix("card:"))
        # The votes are not enough: whether a press gives or takes depends on what was said before.
        if not await self._handlers.room.first_time(place, body["trigger_id"]):
            return
        async with self._delivery.turns.of(place):
            said = await self._handlers.ballot(place, user, card_id)
            heard: Ballot | Notice = Notice("done", texts.NOTHING_CHOSEN)
            for vote in _votes(action, said, Vote(place, card_id, user, VoteKind.CHOICE)):
                heard = await self._handlers.on_vote(vote)
        text = heard.text if isinstance(heard, Notice) else texts.receipt(heard)
        await tell(through(body["response_url"]), text)
        card = await self._handlers.card(card_id)
        if card and isinstance(heard, Ballot):
            self._refresh_later(client, place, body["container"]["message_ts"], card)

    async def _count(self, place: Place) -> bool:
        return (await self._handlers.room.settings(place)).reactions

    def _refresh_later(self, client: AsyncWebClient, place: Place, sent: str, card: Card) -> None:
        self._later.do((place, sent), partial(self._delivery.refresh, client, place, sent, card))

    async def _delete(self, client: AsyncWebClient, place: Place, sent: str, user: str) -> None:
        """Delete a reply for the one who asked for it, with what belongs to it."""
        async with self._delivery.turns.of(place):
            asked = await self._handlers.room.asked(place, sent, user)
        if asked and await self._delivery.delete(client, place, sent):
            # Without the right to read messages nobody tells of the deletion.
            await self._delivery.forget(client, place, sent)


def _votes(action: Json, said: Ballot, blank: Vote) -> Iterator[Vote]:
    """Return the votes that a press or a choice comes to."""
    if action["action_id"] == present.AGREE:
        pressed = any(choice.kind is VoteKind.RIGHT for choice in said.active)
        yield replace(blank, kind=VoteKind.RIGHT, added=not pressed)
        return
    value = action["selected_option"]["value"]
    if value != present.BACK:
        yield replace(blank, genre=value)
        return
    for choice in said.active:
        if choice.kind is VoteKind.CHOICE:
            yield replace(blank, genre=choice.genre, added=False)
