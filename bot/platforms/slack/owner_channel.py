"""Sends sentences to the owner's channel."""

from collections.abc import Awaitable, Callable

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import Unavailable
from bot.domain.places import Place
from bot.platforms.slack import present
from bot.platforms.slack.failures import FAILURES, error_code
from bot.platforms.slack.posting import NO_PREVIEWS
from bot.texts import retraining as words


class OwnerChannel:
    """Sends with the client of the channel's workspace."""

    def __init__(self, client_of: Callable[[str], Awaitable[AsyncWebClient | None]]) -> None:
        self._client_of = client_of

    async def send(self, place: Place, text: str) -> None:
        """Send a sentence to a channel; raise Unavailable, and StorageFailed."""
        client = await self._client_of(place.workspace)
        if client is None:
            raise Unavailable("Slack", words.not_in_workspace(place.workspace))
        try:
            await client.chat_postMessage(
                channel=place.channel,
                text=present.escape(text),
                blocks=present.sentence(text),
                **NO_PREVIEWS,
            )
        except FAILURES as error:
            raise Unavailable("Slack", error_code(error)) from error
