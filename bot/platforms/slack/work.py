"""Works off the jobs of Slack, in this process or after another one ended."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.domain.errors import StorageFailed
from bot.domain.jobs import JobKind, StoredJob
from bot.domain.places import Message
from bot.domain.replies import AlreadyShown, Reply
from bot.platforms.slack import jobs
from bot.platforms.slack.app_home import AppHome
from bot.platforms.slack.bot_users import BotUsers
from bot.platforms.slack.card_questions import CardQuestions
from bot.platforms.slack.commands import Commands
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.edits import Edits
from bot.platforms.slack.marks import MarkRemoval
from bot.platforms.slack.posting import ReplyTarget
from bot.platforms.slack.response_url import respond_to, send_ephemeral
from bot.platforms.slack.uploads import FoundFiles, SlackFiles
from bot.platforms.slack.votes import Votes
from bot.platforms.slack.welcome import Welcome
from bot.services.job_outcomes import HandBack
from bot.services.services import Services
from bot.services.waiting_links import PlatformWaitingLinks

ClientOf = Callable[[str], Awaitable[AsyncWebClient | None]]
"""Returns the web client of a workspace; None if it has removed the app."""

Handler = Callable[[StoredJob, AsyncWebClient], Awaitable[None]]

_log = logging.getLogger(__name__)


class Worker:
    """Handles jobs: `worker(stored)` is the handler of `JobRunner`."""

    def __init__(
        self,
        services: Services,
        client_of: ClientOf,
        *,
        delivery: Delivery,
        files: SlackFiles,
        votes: Votes,
        waiting: PlatformWaitingLinks,
        home: AppHome,
    ) -> None:
        self._services = services
        self._client_of = client_of
        self._delivery = delivery
        self._files = files
        self._waiting = waiting
        self._home = home
        self._commands = Commands(services, delivery, files)
        self._card_questions = CardQuestions(services)
        self._bot_users = BotUsers()
        self._edits = Edits(services, delivery, waiting)
        self._handlers: Mapping[JobKind, Handler] = {
            JobKind.MESSAGE: self._answer_message,
            JobKind.EDIT: self._follow_edit,
            JobKind.DELETION: self._delete,
            JobKind.COMMAND: self._command,
            JobKind.PICK: self._pick,
            JobKind.CARD: self._answer_about_card,
            JobKind.REACTION: votes.react,
            JobKind.CHOICE: votes.choose,
            JobKind.RELEASE: self._release,
            JobKind.SETTING: self._change_mode,
            JobKind.REFRESH: MarkRemoval(services.cards, delivery, services.now).remove,
            JobKind.WELCOME: Welcome(services, delivery).greet,
        }

    async def __call__(self, stored: StoredJob) -> None:
        """Work off a job; raises as `bot.services.job_outcomes.Handle` may."""
        job = stored.job
        client = await self._client_of(job.place.workspace)
        if client is None:
            _log.info("message %s: not answered: the workspace removed the app", job.id)
            return
        await self._handlers[job.kind](stored, client)

    async def _command(self, stored: StoredJob, client: AsyncWebClient) -> None:
        await self._run(stored, client, self._commands.run)

    async def _answer_about_card(self, stored: StoredJob, client: AsyncWebClient) -> None:
        await self._run(stored, client, self._card_questions.answer)

    async def _pick(self, stored: StoredJob, client: AsyncWebClient) -> None:
        await self._run(stored, client, self._commands.pick)

    async def _delete(self, stored: StoredJob, client: AsyncWebClient) -> None:
        await self._delivery.on_deleted(client, stored.job.place, stored.job.payload["message"])

    async def _release(self, stored: StoredJob, _: AsyncWebClient) -> None:
        await self._waiting.release(stored.job.place)

    async def _change_mode(self, stored: StoredJob, client: AsyncWebClient) -> None:
        user, value = stored.job.payload["user"], stored.job.payload["value"]
        await self._home.change_mode(client, stored.job.place.workspace, user, value)

    async def _run(self, stored: StoredJob, client: AsyncWebClient, command: Handler) -> None:
        """Run a command; tell the person who used it if it fails for a reason of the bot's own."""
        try:
            await command(stored, client)
        except (HandBack, StorageFailed):
            raise
        except Exception:
            respond = respond_to(stored.job.payload["response_url"], client.proxy)
            await send_ephemeral(respond, texts.TRY_AGAIN)
            raise

    async def _answer_message(self, stored: StoredJob, client: AsyncWebClient) -> None:
        payload = stored.job.payload
        message = jobs.message_of(stored, payload["links"])
        team = message.place.workspace
        if payload["shared"] and await self._bot_users.include(client, team, message.user):
            return
        await self._answer(stored, client, message)

    async def _follow_edit(self, stored: StoredJob, client: AsyncWebClient) -> None:
        message = jobs.message_of(stored, stored.job.payload["links"])
        try:
            if asking := await self._edits.follow(stored, message, client):
                await self._answer(stored, client, asking)
        finally:
            self._waiting.update(message.place)

    async def _answer(self, stored: StoredJob, client: AsyncWebClient, message: Message) -> None:
        payload, addressed = stored.job.payload, stored.job.payload["addressed"]
        # The rate limits count an edit as a message of its own.
        counted = replace(message, id=stored.job.id)
        target = ReplyTarget(client, stored.job.id, stored.accepted_at, payload["thread"])
        progress = self._delivery.progress(stored, target, message)

        async def answer() -> Sequence[Reply | AlreadyShown]:
            services, found = self._services, FoundFiles()
            if await services.group_chat.may_answer(message, addressed=addressed):
                found = await self._files.find(client, payload, member=True)
            files = bool(found.uploads)
            if services.voice_messages.are_alone(message, voice=found.voice, files=files):
                return await services.voice_messages.decline(message, addressed=addressed)
            return await services.group_chat.on_message(
                counted,
                addressed=addressed,
                released=stored.released,
                progress=progress.tell,
                uploads=found.uploads,
            )

        async def compute() -> Sequence[Reply | AlreadyShown]:
            return await self._waiting.replies_or_park(stored, progress.following(answer()))

        try:
            async with progress:
                replies = await self._services.plans.replies(stored, message, compute)
                await self._delivery.deliver(target, message, replies, progress)
        finally:
            self._services.group_chat.release(counted)
