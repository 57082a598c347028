"""The scopes of Slack's documentation: what each method and each event needs."""

from collections.abc import Mapping
from typing import Final

HISTORY: Final = frozenset({"channels:history", "groups:history", "im:history", "mpim:history"})
"""Of which a method needs its channel's only."""

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
    "oauth.v2.access": frozenset(),
    "reactions.add": frozenset({"reactions:write"}),
    "reactions.remove": frozenset({"reactions:write"}),
    "users.info": frozenset({"users:read"}),
    "views.publish": frozenset(),
}
"""For `conversations.info`, those of the channels that have a creator: it needs its kind's only."""

EVENTS: Final[Mapping[str, str | None]] = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "link_shared": "links:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "tokens_revoked": None,
}
"""What an app must be allowed to be told of each event."""

COMMANDS: Final = "commands"
"""What slash commands and shortcuts need."""

MESSAGES: Final[Mapping[str, str]] = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}
"""The event of a message by the kind of its channel."""
