"""Tells Discord which commands there are, when that has changed."""

import logging
from typing import Any

import discord
from discord import app_commands

from bot.domain.errors import trace

_log = logging.getLogger(__name__)


async def sync(tree: app_commands.CommandTree[Any]) -> bool:
    """Send the commands if Discord has others; returns whether it had. Trouble is only logged.

    Discord's own list is asked, so nothing needs to be remembered, and a list that was changed by
    somebody else is mended.
    """
    client = tree.client
    try:
        # As JSON: discord.py 2.7.1 reads the contexts of fetched commands wrongly, one off.
        fetched = await client.http.get_global_commands(client.application_id)
        theirs = {_shape(command) for command in fetched}
        ours = {_shape(command.to_dict(tree)) for command in tree.get_commands()}
        ours |= {
            _shape(menu.to_dict(tree))
            for menu in tree.get_commands(type=discord.AppCommandType.message)
        }
        if ours == theirs:
            return False
        await tree.sync()
    except discord.DiscordException as error:
        _log.error("commands are not up to date: %s", trace(error))
        return False
    _log.info("commands were sent to Discord")
    return True


def _shape(command: Any) -> str:
    """Write down what we decide of a command; what is empty or false may be absent on a side."""
    names = (
        "name",
        "type",
        "description",
        "options",
        "contexts",
        "integration_types",
        "nsfw",
    )
    permissions = command.get("default_member_permissions")  # a number as text, when fetched
    kept = {name: command.get(name) for name in names} | {"permissions": int(permissions or 0)}
    return repr(_bare(kept))


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted((key, _bare(found)) for key, found in value.items() if found)
    if isinstance(value, list):
        return [_bare(found) for found in value]
    return value
