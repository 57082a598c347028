"""Votes on Discord: reactions under a card, its buttons and its menu."""

import logging
from functools import partial

import discord

from bot import texts
from bot.concurrency.debouncer import Debouncer
from bot.domain.jobs import StoredJob
from bot.domain.places import settings_place
from bot.domain.replies import Notice
from bot.domain.votes import RecordedVote, Vote, VoteKind
from bot.platforms.discord import present
from bot.platforms.discord.delivery import Delivery
from bot.platforms.discord.failures import FAILURES, describe, succeeds
from bot.platforms.discord.interaction_response import InteractionResponse
from bot.platforms.discord.jobs import vote_of
from bot.platforms.discord.token_edits import TokenEdit, TokenEdits
from bot.platforms.discord.uploads import edit_of
from bot.services.job_outcomes import RetryLater
from bot.services.services import Services

_log = logging.getLogger(__name__)


class Votes:
    """Passes votes to the voting service and refreshes cards afterwards."""

    def __init__(
        self,
        client: discord.Client,
        services: Services,
        delivery: Delivery,
        refreshes: Debouncer,
    ) -> None:
        self._client = client
        self._cards = services.cards
        self._learning = services.learned
        self._settings = services.settings
        self._voting = services.voting
        self._plans = services.plans
        self._delivery = delivery
        self._refreshes = refreshes
        self._token_edits = TokenEdits(services.now)

    async def react(self, stored: StoredJob) -> None:
        """Record a reaction, or its removal; the card's tally confirms it.

        Raises RetryLater if the message may be a card that is not recorded yet, and StorageFailed.
        """
        place, payload = stored.job.place, stored.job.payload
        message_id = payload["message"]
        if payload.get("delete"):
            await self._delete(stored)
            return
        async with self._delivery.locks.of(place):
            card = await self._cards.displayed_by(place, message_id)
            if card is None:
                if await self._plans.is_sending(place):
                    raise RetryLater
                return
            added = payload["added"]
            parent = settings_place(place, payload["parent"])
            if not await self._settings.counts_reaction(parent, added=added):
                return
            kind, genre = vote_of(stored)
            user, event = payload["user"], _event(stored)
            vote = Vote(place, card.id, user, kind, genre, added=added, event_id=event)
            recorded = await self._voting.record(vote)
        if not isinstance(recorded, Notice):
            edit = edit_of(self._message(stored))
            refresh = partial(self._delivery.refresh, place, message_id, edit, card)
            self._refreshes.schedule(message_id, refresh)

    async def choose(self, stored: StoredJob) -> None:
        """Record a choice, or withdraw the vote, and confirm it; raise StorageFailed."""
        place, payload = stored.job.place, stored.job.payload
        genre, card_id = payload["genre"], payload["card"]
        vote = Vote(
            place,
            card_id,
            payload["user"],
            VoteKind.CHOICE,
            genre,
            added=genre is not None,
            event_id=_event(stored),
        )
        async with self._delivery.locks.of(place):
            recorded = await self._voting.record(vote)
        response = InteractionResponse(self._client, payload)
        learned = await self._learned(stored, recorded)
        receipt = await self._confirm(stored, response, recorded, learned)
        card = await self._cards.get(card_id)
        if not card or isinstance(recorded, Notice):
            return
        message_id = payload["message"]
        if payload.get("on_receipt"):
            # The token of this press does not reach the card, but that of the vote may.
            edit = self._token_edits.of(message_id)
            edit = edit or TokenEdit(edit_of(self._message(stored)), hidden=False)
        else:
            edit = TokenEdit(response.edit, hidden=bool(payload.get("spoiler")))
            self._token_edits.remember(message_id, edit)
        is_there = await self._delivery.refresh(
            place, message_id, edit.edit, card, hidden=edit.hidden
        )
        if receipt and not is_there:
            remark = f"{texts.VOTE_KEPT} {learned}".rstrip()
            await self._edit_receipt(stored, response, recorded, receipt, remark)

    async def _learned(self, stored: StoredJob, recorded: RecordedVote | Notice) -> str:
        """Return what the model learned from an earlier vote of the person; empty if nothing."""
        if isinstance(recorded, Notice):
            return ""
        place, user = stored.job.place, stored.job.payload["user"]
        return await self._learning.notice(place, user, besides=recorded.track_key) or ""

    async def _confirm(
        self,
        stored: StoredJob,
        response: InteractionResponse,
        recorded: RecordedVote | Notice,
        remark: str,
    ) -> int | None:
        """Say what counts now; return the id of the new receipt, None without one."""
        card_id, payload = stored.job.payload["card"], stored.job.payload
        about = f"card {card_id}: interaction {stored.job.id}"
        view = _receipt(stored, recorded, remark)
        try:
            if payload.get("on_receipt"):
                await response.edit(view=view)
            elif stored.attempts > 1:  # a message that only one person sees cannot be looked for
                _log.warning("%s: perhaps answered already; not answered again", about)
            else:
                return (await response.follow_up(view=view, ephemeral=True)).id
        except FAILURES as error:
            _log.info("%s: %s", about, describe(error))
        return None

    async def _edit_receipt(
        self,
        stored: StoredJob,
        response: InteractionResponse,
        recorded: RecordedVote,
        receipt: int,
        remark: str,
    ) -> None:
        view = _receipt(stored, recorded, remark)
        about = f"card {stored.job.payload['card']}: interaction {stored.job.id}"
        await succeeds(response.edit_follow_up(receipt, view=view), about)

    async def _delete(self, stored: StoredJob) -> None:
        """Delete a reply for the person who asked; the deletion event updates the stores."""
        place, payload = stored.job.place, stored.job.payload
        async with self._delivery.locks.of(place):
            allowed = await self._cards.is_answer_to(place, payload["message"], payload["user"])
        if allowed:
            about = f"message {payload['message']}: deletion"
            await succeeds(self._message(stored).delete(), about)
        elif await self._plans.is_sending(place):
            raise RetryLater

    def _message(self, stored: StoredJob) -> discord.PartialMessage:
        channel = self._client.get_partial_messageable(int(stored.job.place.channel))
        return channel.get_partial_message(int(stored.job.payload["message"]))


def _receipt(
    stored: StoredJob, recorded: RecordedVote | Notice, remark: str
) -> discord.ui.LayoutView:
    """Return the layout that says what counts after a vote, and perhaps a remark."""
    payload = stored.job.payload
    if isinstance(recorded, Notice):
        text, stands = recorded.text, False
    else:
        text, stands = texts.receipt(recorded), recorded.ballot.counted is not None
    said = f"{text} {remark}".rstrip()
    return present.receipt(said, payload["card"], payload["message"], stands=stands)


def _event(stored: StoredJob) -> str:
    """Return the event id of a job's vote, by which it counts once although the job is repeated."""
    return f"vote:{stored.job.key}"
