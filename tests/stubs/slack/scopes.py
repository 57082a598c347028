"""Scopes that methods and events require, by Slack's documentation."""

from collections.abc import Mapping
from typing import Final

HISTORY: Final = frozenset({"channels:history", "groups:history", "im:history", "mpim:history"})
"""Scopes of the history methods, which require only the one for the kind of the channel."""

METHODS: Final[Mapping[str, frozenset[str]]] = {
    "apps.connections.open": frozenset(),
    "auth.test": frozenset(),
    "chat.delete": frozenset({"chat:write"}),
    "chat.getPermalink": frozenset(),
    "chat.postEphemeral": frozenset({"chat:write"}),
    "chat.postMessage": frozenset({"chat:write"}),
    "chat.update": frozenset({"chat:write"}),
    "conversations.history": HISTORY,
    "conversations.info": frozenset({"channels:read", "groups:read"}),
    "conversations.replies": HISTORY,
    "files.completeUploadExternal": frozenset({"files:write"}),
    "files.delete": frozenset({"files:write"}),
    "files.getUploadURLExternal": frozenset({"files:write"}),
    "files.info": frozenset({"files:read"}),
    "oauth.v2.access": frozenset(),
    "reactions.add": frozenset({"reactions:write"}),
    "reactions.remove": frozenset({"reactions:write"}),
    "users.info": frozenset({"users:read"}),
    "views.publish": frozenset(),
}
"""Method to required scopes. `conversations.info` requires only the scope for the kind of channel;
those of channels that have a creator are listed."""

EVENTS: Final[Mapping[str, str | None]] = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "link_shared": "links:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "tokens_revoked": None,
}
"""Event to the scope that it requires, if any."""

COMMANDS: Final = "commands"
"""Scope of slash commands and shortcuts."""

MESSAGES: Final[Mapping[str, str]] = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}
"""Kind of channel to the event for its messages."""
