"""The response to an interaction, from any process that has its token, for 15 minutes.

discord.py offers this on the `Interaction` that it received only. The functions below it that are
used here, `handle_message_parameters`, `async_context` and `_component_factory`, are not documented
(2.7.1).
"""

from collections.abc import Mapping
from typing import Any

import discord
from discord.components import _component_factory
from discord.http import handle_message_parameters
from discord.webhook.async_ import async_context

from bot.platforms.discord import present
from bot.platforms.discord.uploads import Sent


class InteractionResponse:
    """Edits the first response to an interaction, and sends further ones.

    Methods raise discord.py's exceptions; after 15 minutes, NotFound.
    """

    def __init__(self, client: discord.Client, payload: Mapping[str, Any]) -> None:
        """Take the ids and the token from a job's payload."""
        self._application = int(payload["application"])
        self._token = str(payload["token"])
        self._http = client.http
        data: Any = {"id": self._application, "type": 3, "token": self._token}
        state = client._connection  # noqa: SLF001 - as discord.py's own Interaction.followup does
        self._webhook = discord.Webhook.from_state(data, state=state)

    async def edit(self, **form: Any) -> Sent:
        """Edit the first response, with the arguments of `Message.edit`.

        A layout replaces the text of an earlier edit.
        """
        if "view" in form:
            form.setdefault("content", None)
        with handle_message_parameters(**form) as parameters:
            edited: Any = await async_context.get().edit_original_interaction_response(
                self._application,
                self._token,
                payload=parameters.payload,
                multipart=parameters.multipart,
                files=parameters.files,
                **self._connection(),
            )
        components = filter(None, map(_component_factory, edited["components"]))
        return Sent(int(edited["id"]), present.uploaded_chart(components))

    async def delete(self) -> None:
        """Delete the first response."""
        await async_context.get().delete_original_interaction_response(
            self._application, self._token, **self._connection()
        )

    async def follow_up(self, **form: Any) -> Sent:
        """Send a further response, with the arguments of `Webhook.send`."""
        sent: Any = await self._webhook.send(wait=True, **form)
        return Sent.of(sent)

    async def edit_follow_up(self, message_id: int, **form: Any) -> None:
        """Edit a further response, with the arguments of `Webhook.edit_message`."""
        await self._webhook.edit_message(message_id, **form)

    def _connection(self) -> dict[str, Any]:
        return {
            "session": self._webhook.session,
            "proxy": self._http.proxy,
            "proxy_auth": self._http.proxy_auth,
        }
