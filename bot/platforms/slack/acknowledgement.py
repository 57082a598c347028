"""Slack's 3 seconds: commands, shortcuts and actions are acknowledged before any other work.

If a request is not acknowledged within 3 seconds, Slack displays an error to the person. Listeners
of commands, shortcuts and actions are decorated with `acknowledge_first`. Events need nothing:
bolt acknowledges them before it runs their listeners.
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncAck, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]
S = TypeVar("S")


def acknowledge_first(
    listener: Callable[[S, Json, AsyncWebClient, AsyncBoltContext], Awaitable[None]],
) -> Callable[[S, AsyncAck, Json, AsyncWebClient, AsyncBoltContext], Coroutine[Any, Any, None]]:
    """Return a listener for bolt that acknowledges its request and then runs `listener`."""

    # bolt passes arguments by these names, so functools.wraps must not hide them.
    async def acknowledged(
        self: S, ack: AsyncAck, body: Json, client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        await ack()
        await listener(self, body, client, context)

    acknowledged.__doc__ = listener.__doc__
    return acknowledged
