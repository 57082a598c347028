"""Works off the jobs of Slack, in this process or after another one ended."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.domain.errors import StorageFailed
from bot.domain.jobs import JobKind, StoredJob
from bot.domain.replies import AlreadyShown, Reply
from bot.platforms.slack import jobs
from bot.platforms.slack.app_home import AppHome
from bot.platforms.slack.bot_users import BotUsers
from bot.platforms.slack.card_questions import CardQuestions
from bot.platforms.slack.commands import Commands
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.posting import ReplyTarget
from bot.platforms.slack.response_url import respond_to, send_ephemeral
from bot.platforms.slack.uploads import FoundFiles, SlackFiles
from bot.platforms.slack.votes import Votes
from bot.services.job_outcomes import HandBack
from bot.services.services import Services
from bot.services.waiting_links import PlatformWaitingLinks

ClientOf = Callable[[str], Awaitable[AsyncWebClient | None]]
"""Returns the web client of a workspace; None if it has removed the app."""

Command = Callable[[StoredJob, AsyncWebClient], Awaitable[None]]

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
        self._votes = votes
        self._waiting = waiting
        self._home = home
        commands = Commands(services, delivery, files)
        self._questions: Mapping[JobKind, Command] = {
            JobKind.COMMAND: commands.run,
            JobKind.PICK: commands.pick,
            JobKind.CARD: CardQuestions(services).answer,
        }
        self._bot_users = BotUsers()

    async def __call__(self, stored: StoredJob) -> None:
        """Work off a job; raises as `bot.services.job_outcomes.Handle` may."""
        job = stored.job
        client = await self._client_of(job.place.workspace)
        if client is None:
            _log.info("message %s: not answered: the workspace removed the app", job.id)
            return
        match job.kind:
            case JobKind.MESSAGE:
                await self._answer_message(stored, client)
            case JobKind.COMMAND | JobKind.PICK | JobKind.CARD:
                await self._run(stored, client, self._questions[job.kind])
            case JobKind.REACTION:
                await self._votes.react(stored, client)
            case JobKind.CHOICE:
                await self._votes.choose(stored, client)
            case JobKind.DELETION:
                await self._delivery.on_deleted(client, job.place, job.payload["message"])
            case JobKind.RELEASE:
                await self._waiting.release(job.place)
            case JobKind.SETTING:
                user, value = job.payload["user"], job.payload["value"]
                await self._home.change_mode(client, job.place.workspace, user, value)

    async def _run(self, stored: StoredJob, client: AsyncWebClient, command: Command) -> None:
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
        message, addressed = jobs.message_of(stored, payload["links"]), payload["addressed"]
        team = message.place.workspace
        if payload["shared"] and await self._bot_users.include(client, team, message.user):
            return

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
                message,
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
            self._services.group_chat.release(message)
