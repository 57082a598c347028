"""Use case: the replies to a job are stored before they are sent, so that none is sent twice.

A process that takes over a job finds the replies that another one began to send. Those that are
recorded as sent are left out; of the others it is unknown, and the platform looks for them first.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from bot.domain.cards import Card
from bot.domain.jobs import PlannedReply, StoredJob
from bot.domain.places import Message, Place
from bot.domain.ports import Inbox, PredictionStore, SummaryStore
from bot.domain.replies import AlreadyShown, Choice, Notice, NoticeKind, Reply, Summary
from bot.domain.tracks import SubjectRef
from bot.services.cards import CardService
from bot.services.job_outcomes import Lost

Compute = Callable[[], Awaitable[Sequence[Reply | AlreadyShown]]]


class Outgoing(NamedTuple):
    """A reply to send.

    Attributes:
        number: Its position among the replies to its message, from 0.
        reply: The reply.
        uncertain: Whether an earlier process may have sent it.
        sent_as: The message as which an earlier process certainly sent it.
    """

    number: int
    reply: Reply | AlreadyShown
    uncertain: bool = False
    sent_as: str | None = None


class ReplyPlans:
    """Stores and reads the replies to jobs. Methods raise StorageFailed."""

    def __init__(
        self,
        inbox: Inbox,
        predictions: PredictionStore,
        summaries: SummaryStore,
        cards: CardService,
    ) -> None:
        self._inbox = inbox
        self._predictions = predictions
        self._summaries = summaries
        self._cards = cards

    async def replies(
        self, stored: StoredJob, message: Message, compute: Compute
    ) -> Sequence[Outgoing]:
        """Return the replies to send to a job's message, after storing them.

        Args:
            stored: The job.
            message: The message or command to which the replies are recorded.
            compute: Returns the replies; called unless they were stored before.

        Raises:
            Lost: Another process has taken the job.
            StorageFailed: The replies cannot be stored, or read.
        """
        if stored.plan is None:
            replies = await compute()
            if replies:
                planned_replies = [_planned(reply) for reply in replies]
                if not await self._inbox.plan(stored, planned_replies):
                    raise Lost
            return [Outgoing(number, reply) for number, reply in enumerate(replies)]
        recorded = list(await self._cards.sent_replies(message))
        outgoing = []
        for number, planned in enumerate(stored.plan):
            reply = await self._reply(planned)
            if reply is None:
                continue  # it was deleted meanwhile
            shown = None if planned.shown_in else planned.card_id
            sent = next((one for one in recorded if one[1] == shown), None)
            if sent:
                recorded.remove(sent)
            sent_as = sent[0] if sent else None
            outgoing.append(Outgoing(number, reply, uncertain=sent is None, sent_as=sent_as))
        return outgoing

    async def is_sending(self, place: Place) -> bool:
        """Return whether a card may be displayed in a place that is not recorded yet."""
        return await self._inbox.is_sending(place)

    async def _reply(self, planned: PlannedReply) -> Reply | AlreadyShown | None:
        if planned.notice:
            kind, text = planned.notice
            choices = (Choice(label, SubjectRef.parse(ref)) for label, ref in planned.choices)
            return Notice(NoticeKind(kind), text, tuple(choices))
        if planned.summary_id:
            return await self._summaries.get(planned.summary_id)
        card = await self._predictions.get(planned.card_id) if planned.card_id else None
        if card and planned.shown_in:
            return AlreadyShown(card, planned.shown_in)
        return card


def _planned(reply: Reply | AlreadyShown) -> PlannedReply:
    match reply:
        case Card(id=card_id):
            return PlannedReply(card_id)
        case Summary(id=summary_id):
            return PlannedReply(summary_id=summary_id)
        case AlreadyShown(card=card, message_id=message_id):
            return PlannedReply(card.id, message_id)
        case Notice(kind=kind, text=text, choices=choices):
            offered = tuple((choice.label, str(choice.ref)) for choice in choices)
            return PlannedReply(notice=(kind.value, text), choices=offered)
