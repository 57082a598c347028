"""Works off the jobs of Discord, in this process or after another one ended."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import discord

from bot import texts
from bot.domain.cards import Theme
from bot.domain.errors import StorageFailed
from bot.domain.jobs import JobKind, StoredJob
from bot.domain.places import Message
from bot.domain.replies import AlreadyShown, Notice, Reply
from bot.domain.tracks import SubjectRef
from bot.platforms.discord import ids, jobs, present, server_labels, server_settings
from bot.platforms.discord.answers import AfterAnswer, MessageAnswers
from bot.platforms.discord.deletion import Deletions
from bot.platforms.discord.delivery import Delivery
from bot.platforms.discord.failures import FAILURES, describe, succeeds
from bot.platforms.discord.interaction_response import InteractionResponse
from bot.platforms.discord.marks import MarkRemoval
from bot.platforms.discord.saving import CardSaver
from bot.platforms.discord.sound_uploads import SoundUploads
from bot.platforms.discord.transports import CommandTransport
from bot.platforms.discord.votes import Votes
from bot.services.job_outcomes import HandBack
from bot.services.reply_plans import Outgoing
from bot.services.services import Services
from bot.services.waiting_links import PlatformWaitingLinks

_log = logging.getLogger(__name__)


class Worker:
    """Handles jobs: `worker(stored)` is the handler of `JobRunner`."""

    def __init__(
        self,
        client: discord.Client,
        services: Services,
        *,
        answers: MessageAnswers,
        delivery: Delivery,
        deletions: Deletions,
        votes: Votes,
        waiting: PlatformWaitingLinks,
        sounds: SoundUploads,
        offer: AfterAnswer,
        saver: CardSaver,
    ) -> None:
        self._client = client
        self._services = services
        self._answers = answers
        self._delivery = delivery
        self._deletions = deletions
        self._votes = votes
        self._waiting = waiting
        self._sounds = sounds
        self._offer = offer
        self._saver = saver
        self._marks = MarkRemoval(client, services.cards, delivery, services.now)

    async def __call__(self, stored: StoredJob) -> None:
        """Work off a job; raises as `bot.services.job_outcomes.Handle` may."""
        match stored.job.kind:
            case JobKind.MESSAGE:
                await self._answers.answer(stored)
            case JobKind.EDIT:
                await self._answers.follow(stored)
            case JobKind.COMMAND | JobKind.PICK:
                await self._respond(stored)
            case JobKind.REACTION:
                await self._votes.react(stored)
            case JobKind.CHOICE:
                await self._votes.choose(stored)
            case JobKind.RELEASE:
                await self._waiting.release(stored.job.place)
            case JobKind.REFRESH:
                await self._marks.remove(stored)
        self._sounds.forget(stored)

    async def _respond(self, stored: StoredJob) -> None:
        response = InteractionResponse(self._client, stored.job.payload)
        try:
            await self._run(stored, response)
        except FAILURES as error:
            _log.warning("interaction %s: not answered: %s", stored.job.id, describe(error))
        except (HandBack, StorageFailed):
            raise
        except Exception:
            # Otherwise Discord displays "is thinking" for 15 minutes.
            with suppress(*FAILURES):
                await response.edit(view=present.sentence(texts.TRY_AGAIN))
            raise

    async def _say_what_was_learned(self, stored: StoredJob, response: InteractionResponse) -> None:
        """Tell the person alone what the model learned from one of their votes, if it did."""
        place, user = stored.job.place, stored.job.payload["user"]
        if notice := await self._services.learned.notice(place, user):
            answer = response.follow_up(view=present.sentence(notice), ephemeral=True)
            await succeeds(answer, f"interaction {stored.job.id}: what was learned")

    async def _run(self, stored: StoredJob, response: InteractionResponse) -> None:
        payload, services = stored.job.payload, self._services
        match payload.get("name", stored.job.kind):
            case "genre":
                await self._answer_command(stored, response)
                await self._say_what_was_learned(stored, response)
            case JobKind.PICK:
                await self._answer_pick(stored, response)
                await self._say_what_was_learned(stored, response)
            case "stats":
                await self._show_statistics(stored, response)
            case jobs.SAVE:
                await self._saver.send(stored, response)
            case "settings":
                await response.edit(view=await server_settings.change(services.settings, stored))
            case server_labels.LABELS:
                await response.edit(view=await server_labels.change(services, stored))
            case "forget-me":
                await _tell(
                    response, await services.voting.forget(stored.job.place, payload["user"])
                )

    async def _answer_command(self, stored: StoredJob, response: InteractionResponse) -> None:
        payload = stored.job.payload
        asked = jobs.message_of(stored, payload["options"]["song"])
        # The answer is deleted with the message that the command refers to, if there is one.
        message = replace(asked, id=payload["options"].get("source") or asked.id)
        is_private = bool(payload.get("ephemeral"))
        transport = CommandTransport(response, is_recorded=not is_private)
        progress = self._answers.progress(transport, message)

        async def compute() -> Sequence[Reply | AlreadyShown]:
            if self._answers.is_voice_message(stored, asked):
                return await self._services.voice_messages.decline(asked, addressed=True)
            uploads = await self._sounds.of(stored)
            on_command = self._services.group_chat.on_command(
                asked,
                progress.tell,
                uploads,
                about=payload["options"].get("source"),
                is_private=is_private,
            )
            return await progress.following(on_command)

        try:
            await self._answer(stored, message, transport, response, compute)
        finally:
            self._services.group_chat.release(asked)  # `_answer` releases the source
        if progress.is_used:
            await self._deletions.after_answer(message)

    async def _answer_pick(self, stored: StoredJob, response: InteractionResponse) -> None:
        payload = stored.job.payload
        ref = SubjectRef.parse(payload["ref"])
        message = jobs.message_of(stored, payload["ref"])

        async def compute() -> Sequence[Reply | AlreadyShown]:
            return await self._services.group_chat.on_pick(message, ref)

        # Others could not see the card to which a later answer would refer.
        transport = CommandTransport(response, is_recorded=not payload["ephemeral"])
        await self._answer(stored, message, transport, response, compute)

    async def _answer(
        self,
        stored: StoredJob,
        message: Message,
        transport: CommandTransport,
        response: InteractionResponse,
        compute: Callable[[], Awaitable[Sequence[Reply | AlreadyShown]]],
    ) -> None:
        """Send the replies to an interaction; `message` is what they are recorded for."""
        try:
            replies = await self._services.plans.replies(stored, message, compute)
            is_for_one_person = transport.is_recorded and _are_notices(replies)
            if is_for_one_person:  # deleted at once
                transport.is_recorded = False
            sent = await self._delivery.deliver(transport, message, replies)
        finally:
            self._services.group_chat.release(message)
        if not replies:  # the question was deleted
            await response.delete()
        elif not transport.count and not any(one.sent_as for one in replies):
            # Otherwise Discord displays "is thinking" for 15 minutes.
            with suppress(*FAILURES):
                await response.edit(view=present.sentence(texts.TRY_AGAIN))
        elif is_for_one_person:
            await _make_private(message, response, replies)
        # Where the bot is not a member, and on messages for one person, it may not react.
        if transport.is_recorded and not stored.job.payload["private"]:
            self._offer(message, sent)

    async def _show_statistics(self, stored: StoredJob, response: InteractionResponse) -> None:
        result = await self._services.statistics.of_workspace(stored.job.place)
        if isinstance(result, Notice):
            await response.edit(view=present.sentence(result.text))
            return
        png = await self._services.statistics.chart(result, Theme.DARK)
        view = present.stats(result, chart=png is not None)
        await response.edit(view=view, attachments=[present.file(png)] if png else [])


async def _tell(response: InteractionResponse, notice: Notice) -> None:
    await response.edit(view=present.sentence(notice.text))


def _are_notices(replies: Sequence[Outgoing]) -> bool:
    """Return whether replies are sentences and pointers only, which one person needs."""
    return all(isinstance(outgoing.reply, Notice | AlreadyShown) for outgoing in replies)


async def _make_private(
    message: Message, response: InteractionResponse, replies: Sequence[Outgoing]
) -> None:
    """Repeat public notices for the person who asked only, and delete the public ones.

    Follow-ups are public if the deferred response was, and fail after it is deleted: the
    notice is therefore sent publicly, repeated, and deleted.
    """
    with suppress(*FAILURES):
        for outgoing in replies:
            match outgoing.reply:
                case Notice() as notice:
                    view = present.notice(notice, hidden=message.is_spoiler)
                    await response.follow_up(view=view, ephemeral=True)
                case AlreadyShown(message_id=message_id):
                    text = texts.already_answered(ids.message_url(message.place, message_id))
                    await response.follow_up(view=present.pointer(text), ephemeral=True)
        await response.delete()
