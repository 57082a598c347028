"""Replies through a `response_url`: to commands, shortcuts and button presses, in any channel."""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.domain.jobs import StoredJob
from bot.platforms.slack import present
from bot.platforms.slack.clients import through
from bot.platforms.slack.failures import (
    FAILURES,
    ResponseUrlRejected,
    error_code,
    retry_handlers_for_posts,
)

IN_CHANNEL: Final = "in_channel"
EPHEMERAL: Final = "ephemeral"
"""Response types: visible to the channel, or to the person who asked only."""

Respond = Callable[..., Awaitable[None]]
"""Sends a message; raises one of FAILURES unless Slack accepts it."""

_log = logging.getLogger(__name__)


def respond_to(url: str, proxy: str | None = None) -> Respond:
    """Return a function that replies through `url` and waits for rate limits within bounds."""

    async def respond(**message: Any) -> None:
        # Bolt's own function does not report rejected replies.
        webhook = through(AsyncWebhookClient(url, retry_handlers=retry_handlers_for_posts()), proxy)
        response = await webhook.send_dict({"replace_original": False, **message})
        if response.status_code != HTTPStatus.OK:
            raise ResponseUrlRejected(response.status_code)

    return respond


async def send_ephemeral(
    respond: Respond,
    text: str,
    blocks: list[present.Block] | None = None,
    *,
    replaces: bool = False,
) -> None:
    """Send a sentence to the person who asked only; does not raise.

    With `replaces`, it takes the place of the private message in which a button was pressed.
    """
    layout = blocks or present.sentence(text)
    message = {"text": present.escape(text), "blocks": layout, "replace_original": replaces}
    try:
        await respond(**message, response_type=EPHEMERAL)
    except FAILURES as error:
        _log.warning("response_url: reply not accepted: %s", error_code(error))


async def send_once(
    stored: StoredJob,
    respond: Respond,
    text: str,
    blocks: list[present.Block] | None = None,
    *,
    replaces: bool = False,
) -> None:
    """Send a sentence to the person who asked, unless an earlier process may have; never raises.

    What only the person sees cannot be looked for. `replaces` as for `send_ephemeral`; then it may
    be sent again.
    """
    if stored.attempts > 1 and not replaces:
        _log.warning("message %s: perhaps answered already; not answered again", stored.job.id)
        return
    await send_ephemeral(respond, text, blocks, replaces=replaces)
