"""Registers the commands with Discord if they have changed."""

import logging
from typing import Any

import discord
from discord import app_commands

from bot.domain.errors import stack_of

_log = logging.getLogger(__name__)


async def sync(tree: app_commands.CommandTree[Any]) -> bool:
    """Register the commands if Discord has others; return whether they were registered.

    Comparing with Discord's list needs no stored state, and restores a list that was changed
    elsewhere. Failures are logged.
    """
    client = tree.client
    try:
        # As JSON, because discord.py 2.7.1 reads the contexts of fetched commands wrongly.
        fetched = await client.http.get_global_commands(client.application_id)
        registered = {_fingerprint(command) for command in fetched}
        ours = {_fingerprint(command.to_dict(tree)) for command in tree.get_commands()}
        ours |= {
            _fingerprint(menu.to_dict(tree))
            for menu in tree.get_commands(type=discord.AppCommandType.message)
        }
        if ours == registered:
            return False
        await tree.sync()
    except discord.DiscordException as error:
        _log.error("commands not registered: %s", stack_of(error))
        return False
    _log.info("commands registered with Discord")
    return True


def _fingerprint(command: Any) -> str:
    """Return the fields of a command that we set, without empty values, as text."""
    names = (
        "name",
        "type",
        "description",
        "options",
        "contexts",
        "integration_types",
        "nsfw",
    )
    permissions = command.get("default_member_permissions")  # text with a number, if fetched
    fields = {name: command.get(name) for name in names} | {"permissions": int(permissions or 0)}
    return repr(_without_empty(fields))


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted((key, _without_empty(inner)) for key, inner in value.items() if inner)
    if isinstance(value, list):
        return [_without_empty(inner) for inner in value]
    return value
