"""Answers through a `response_url`: to commands, shortcuts and presses, wherever they were made."""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.platforms.slack import present
from bot.platforms.slack.failures import FAILURES, ResponseUrlRejected, code, for_posts

ALOUD: Final = "in_channel"
ASIDE: Final = "ephemeral"
"""Who sees an answer: everybody, or whoever asked."""

Respond = Callable[..., Awaitable[None]]
"""Takes what a message has; raises one of FAILURES unless Slack takes the answer."""

_log = logging.getLogger(__name__)


def through(url: str) -> Respond:
    """Return what answers through `url`, waiting for rate limits within reason."""

    async def respond(**message: Any) -> None:
        # Bolt's own says nothing of an answer that Slack has not taken.
        webhook = AsyncWebhookClient(url, retry_handlers=for_posts())
        taken = await webhook.send_dict({"replace_original": False, **message})
        if taken.status_code != HTTPStatus.OK:
            raise ResponseUrlRejected(taken.status_code)

    return respond


async def tell(respond: Respond, text: str, blocks: list[present.Block] | None = None) -> None:
    """Say something to whoever asked, and to nobody else; does not raise."""
    laid_out = blocks or present.sentence(text)
    try:
        await respond(text=present.escaped(text), blocks=laid_out, response_type=ASIDE)
    except FAILURES as error:
        _log.warning("somebody who asked: not answered: %s", code(error))
