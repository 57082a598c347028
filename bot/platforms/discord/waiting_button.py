"""The message that says how many links wait in a channel, and its button."""

import logging
import re
from typing import Any, Final, Self

import discord
from discord import ui

from bot import texts
from bot.domain.places import Place
from bot.platforms.discord.failures import FAILURES, describe
from bot.platforms.discord.interactions import interactions_of

CUSTOM_ID: Final = "waiting"

_log = logging.getLogger(__name__)


class WaitingButton(ui.DynamicItem[ui.Button[Any]], template=CUSTOM_ID):
    """Button "Answer them", which works after a restart."""

    def __init__(self) -> None:
        super().__init__(
            ui.Button(
                label=texts.ANSWER_WAITING, custom_id=CUSTOM_ID, style=discord.ButtonStyle.primary
            )
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """Return the button of a message that was sent before."""
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        """Pass the press to the client."""
        await interactions_of(interaction).release_waiting(interaction)


class WaitingMessage:
    """Displays how many links wait in a channel."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def display(self, place: Place, current: str | None, count: int) -> str | None:
        """Edit the message `current`, or send one; return its id, None on failure."""
        channel = self._client.get_partial_messageable(int(place.channel))
        form: dict[str, Any] = {
            "view": _view(count),
            "allowed_mentions": discord.AllowedMentions.none(),
        }
        try:
            if current:
                try:
                    await channel.get_partial_message(int(current)).edit(**form)
                except discord.NotFound:  # somebody deleted it
                    if not count:
                        return None
                else:
                    return current
            return str((await channel.send(**form)).id)
        except FAILURES as error:
            _log.info("%s: waiting links not displayed: %s", place, describe(error))
            return None


def _view(count: int) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None).add_item(ui.TextDisplay[Any](texts.waiting(count)))
    if count:
        view.add_item(ui.ActionRow[Any](WaitingButton()))
    return view
