"""Slack's deliveries: each is stored as a job before it is acknowledged.

Slack wants an answer within 3 seconds. It sends an event again that was answered with an error;
commands, shortcuts and presses of buttons it does not, and displays an error to the person.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.concurrency.task_tracker import TaskTracker
from bot.domain.errors import NotAccepting, StorageFailed, stack_of
from bot.domain.jobs import Job
from bot.platforms.slack import action_jobs, edit_jobs, ids, jobs, present
from bot.platforms.slack.app_home import AppHome
from bot.services.deduplication import Deduplicator
from bot.services.job_runner import JobRunner
from bot.services.malformed_log import MalformedLog

COMMAND: Final = "/genre"
SHORTCUT: Final = "sounds_like"
SAVE_SHORTCUT: Final = "save_card"
"""The command, and the message shortcuts' callback ids, in the manifest."""

EVENTS: Final = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "link_shared",
        "member_joined_channel",
        "message",
        "reaction_added",
        "reaction_removed",
    }
)
"""Events that `jobs.event_job` knows, and the App Home; the manifest subscribes to them."""

ADMINISTRATIVE: Final = frozenset({"app_uninstalled", "tokens_revoked"})
"""Events that report that the app was removed; they have listeners of their own."""

UNDERSTOOD: Final = "understood"
"""Key in bolt's context of a delivery that bolt could read: a failure after it is the bot's own."""

ACCEPTED: Final = HTTPStatus.OK
NOT_ACCEPTED: Final = HTTPStatus.SERVICE_UNAVAILABLE

_log = logging.getLogger(__name__)

Json = Mapping[str, Any]


class Events:
    """Middleware of bolt that stores deliveries and answers Slack.

    A message with a link may arrive as `message` and as `link_shared`. Only the first has the whole
    text and the author, so the second is stored `link_delay` seconds later, and then not at all.
    """

    def __init__(
        self, runner: JobRunner, deduplicator: Deduplicator, home: AppHome, link_delay: float
    ) -> None:
        self.tasks = TaskTracker()
        self.malformed = MalformedLog(ids.PLATFORM)
        self._runner = runner
        self._deduplicator = deduplicator
        self._home = home
        self._link_delay = link_delay

    async def accept(
        self,
        body: dict[str, Any],
        context: AsyncBoltContext,
        client: AsyncWebClient,
        next_: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse:
        """Store a delivery and return the answer; pass on what is no job."""
        context[UNDERSTOOD] = True
        try:
            if _is_administrative(body):
                return await next_()
            try:
                job = await self._job(body, context, client)
            except jobs.MALFORMED as error:
                self.malformed.add(_about(body), error)
                return BoltResponse(status=ACCEPTED)
            if job:
                await self._runner.accept(job)
        except (StorageFailed, NotAccepting) as error:
            _log.warning("%s: not accepted: %s", _about(body), type(error).__name__)
            return (
                _private(texts.TRY_AGAIN)
                if "command" in body
                else BoltResponse(status=NOT_ACCEPTED)
            )
        return BoltResponse(status=ACCEPTED)

    async def _job(
        self, body: Json, context: AsyncBoltContext, client: AsyncWebClient
    ) -> Job | None:
        team = str(context.team_id)
        if body.get("command") == COMMAND:
            return jobs.command_job(body)
        if body.get("callback_id") == SHORTCUT:
            return jobs.shortcut_job(body)
        if body.get("callback_id") == SAVE_SHORTCUT:
            return action_jobs.save_job(body)
        if body.get("type") == "block_actions":
            return action_jobs.action_job(body, team)
        return await self._event_job(body, team, context, client)

    async def _event_job(
        self, body: Json, team: str, context: AsyncBoltContext, client: AsyncWebClient
    ) -> Job | None:
        event = body["event"]
        if event["type"] == "app_home_opened":
            if event.get("tab") == "home":
                self.tasks.create(self._home.publish(client, team, str(event["user"])))
            return None
        if event["type"] == "link_shared":
            await asyncio.sleep(self._link_delay)
        job = jobs.event_job(body, team, context.bot_user_id)
        settled = None if job else jobs.passed_over(event, context.bot_user_id)
        if job and edit_jobs.is_first_to_ask(job):
            settled = job.payload["message"]
        if settled:  # so that link_shared does not answer it
            await self._deduplicator.first_time(ids.place(team, str(event["channel"])), settled)
        return job


async def on_error(
    error: Exception, body: dict[str, Any], context: AsyncBoltContext
) -> BoltResponse:
    """Log an exception; Slack then sends an event again, unless bolt could not understand it."""
    _log.error("%s: failed: %s", _about(body), stack_of(error))
    malformed = isinstance(error, jobs.MALFORMED) and UNDERSTOOD not in context
    return BoltResponse(status=HTTPStatus.BAD_REQUEST if malformed else NOT_ACCEPTED)


def _is_administrative(body: Json) -> bool:
    """Return whether a delivery reports that the app was removed."""
    event = body.get("event")
    name = event.get("type") if isinstance(event, Mapping) else None
    return name in ADMINISTRATIVE


def _private(text: str) -> BoltResponse:
    """Return the answer to a command that displays a text to the person who asked only."""
    message = {
        "response_type": "ephemeral",
        "text": present.escape(text),
        "blocks": present.sentence(text),
    }
    headers: dict[str, str | Sequence[str]] = {"content-type": "application/json"}
    return BoltResponse(status=ACCEPTED, body=json.dumps(message), headers=headers)


def _about(body: Json) -> str:
    return f"event {body.get('event_id') or body.get('trigger_id') or body.get('type')}"
