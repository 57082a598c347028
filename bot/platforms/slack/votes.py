"""Votes on Slack: reactions under a card, its buttons and its menu."""

from dataclasses import replace
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.concurrency.debouncer import Debouncer
from bot.domain.cards import Card
from bot.domain.jobs import StoredJob
from bot.domain.places import Place
from bot.domain.replies import Notice
from bot.domain.votes import RecordedVote, Vote, VoteKind
from bot.platforms.slack import present_card
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.pictures import delete, files_of
from bot.platforms.slack.response_url import respond_to, send_once
from bot.services.failures import value_or_none
from bot.services.job_outcomes import RetryLater
from bot.services.services import Services
from bot.texts import slack as words


class Votes:
    """Passes votes to the voting service and refreshes cards afterwards."""

    def __init__(self, services: Services, delivery: Delivery, refreshes: Debouncer) -> None:
        self._cards = services.cards
        self._learning = services.learned
        self._settings = services.settings
        self._voting = services.voting
        self._plans = services.plans
        self._delivery = delivery
        self._refreshes = refreshes

    async def react(self, stored: StoredJob, client: AsyncWebClient) -> None:
        """Record a reaction, or its removal; the card's tally confirms it.

        Raises RetryLater if the message may be a card that is not recorded yet, and StorageFailed.
        """
        place, payload = stored.job.place, stored.job.payload
        timestamp = payload["message"]
        if payload.get("delete"):
            await self._delete(stored, client)
            return
        async with self._delivery.locks.of(place):
            card = await self._cards.displayed_by(place, timestamp)
            if card is None:
                if await self._plans.is_sending(place):
                    raise RetryLater
                return
            added = payload["added"]
            if not await self._settings.counts_reaction(place, added=added):
                return
            user, kind, event = payload["user"], VoteKind(payload["vote"]), _event(stored)
            vote = Vote(place, card.id, user, kind, payload["genre"], added=added, event_id=event)
            recorded = await self._voting.record(vote)
        if not isinstance(recorded, Notice):
            self._schedule_refresh(client, place, timestamp, card)

    async def choose(self, stored: StoredJob, client: AsyncWebClient) -> None:
        """Record a vote by menu or button, or take it back; confirm it to the person only.

        A thumb down is no vote: the person is asked for the genre. Raises StorageFailed.
        """
        place, payload = stored.job.place, stored.job.payload
        card_id, message = payload["card"], payload["message"]
        respond = respond_to(payload["response_url"], client.proxy)
        if payload["value"] == present_card.WRONG:
            layout = present_card.question(card_id, message)
            await send_once(stored, respond, words.WHAT_IS_IT, layout)
            return
        vote = Vote(place, card_id, payload["user"], VoteKind.CHOICE, event_id=_event(stored))
        async with self._delivery.locks.of(place):
            recorded = await self._voting.record(_vote(payload["value"], vote))
        is_deleted = await value_or_none(self._cards.is_deleted(place, message), f"card {card_id}")
        counts = isinstance(recorded, RecordedVote) and recorded.ballot.counted is not None
        text = recorded.text if isinstance(recorded, Notice) else texts.receipt(recorded)
        if is_deleted and counts:
            text = f"{text} {texts.VOTE_KEPT}"
        if isinstance(recorded, RecordedVote):
            user, track = payload["user"], recorded.track_key
            learned = await self._learning.notice(place, user, besides=track)
            text = f"{text} {learned or ''}".rstrip()
        layout = present_card.receipt(text, card_id, message, counts=counts)
        await send_once(stored, respond, text, layout, replaces=payload.get("private", False))
        card = await self._cards.get(card_id)
        # A card that only the person sees has no timestamp.
        if card and message and not is_deleted and not isinstance(recorded, Notice):
            self._schedule_refresh(client, place, message, card)

    def _schedule_refresh(
        self, client: AsyncWebClient, place: Place, timestamp: str, card: Card
    ) -> None:
        refresh = partial(self._delivery.refresh, client, place, timestamp, card)
        self._refreshes.schedule((place, timestamp), refresh)

    async def _delete(self, stored: StoredJob, client: AsyncWebClient) -> None:
        """Delete a reply for the person who asked, with its chart; or a picture alone."""
        place, timestamp = stored.job.place, stored.job.payload["message"]
        user = stored.job.payload["user"]
        async with self._delivery.locks.of(place):
            allowed = await self._cards.is_answer_to(place, timestamp, user)
        if not allowed and await self._plans.is_sending(place):
            raise RetryLater
        answers = [timestamp]
        if not allowed:
            files = await files_of(client, place, timestamp)
            answers = [one for one in files if await self._cards.is_answer_to(place, one, user)]
        for answer in answers:
            if await delete(client, place, answer):
                # Without the right to read messages, the app receives no event of the deletion.
                await self._delivery.on_deleted(client, place, answer)


def _vote(value: str | None, vote: Vote) -> Vote:
    """Return the vote that a choice stands for: a genre, None for the predicted one, or none."""
    if value == present_card.TAKE_BACK:
        return replace(vote, added=False)
    return replace(vote, genre=value)


def _event(stored: StoredJob) -> str:
    """Return the event id of a job's vote, by which it counts once although the job is repeated."""
    return f"vote:{stored.job.key}"
