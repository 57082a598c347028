"""Texts used on Discord only: command descriptions, option labels, help, operator messages."""

from collections.abc import Sequence
from typing import Final

from bot.texts.group_chat import PREVIEWS_REMOVED
from bot.texts.replies import YOUR_DATA

ASK: Final = "What does this sound like?"
"""Name of the message command; Discord allows at most 32 characters."""

GENRE: Final = "Say what a song sounds like, or an album, a playlist or an artist"
SONG: Final = (
    "“Title - artist”, or a link to a song, album, playlist or artist (Spotify, Deezer, YouTube, …)"
)
FILE: Final = "A sound file to listen to, instead of a song or with it"
NOTHING_ASKED: Final = (
    "Tell me a song, or give me a sound file: /genre and “title - artist”, a link or a file."
)
STATS: Final = "What this server asked, and how often I was right"
SETTINGS: Final = "When I answer in this channel, and how"
ANSWER: Final = "When I answer"
SCOPE: Final = "Where this holds; if you don't say: in this channel"
REACTIONS_OPTION: Final = "Whether reactions are votes"
MODEL: Final = "Which genres I know"
RESET: Final = "First take back all that was set there"
IGNORE_ROLE: Final = "A role whose members I answer only when they ask, in the whole server"
LISTEN_TO_ROLE: Final = "A role that I ignore no more"
REMOVE_PREVIEWS: Final = f"Whether {PREVIEWS_REMOVED}"
EVERYONE_IGNORED: Final = (
    "Everyone has that role. To be left alone by me, choose “only when asked” as answer."
)
FORGET_ME: Final = f"Delete {YOUR_DATA}"
HELP: Final = "What I can do, with songs to try"

ANSWER_AUTO: Final = "every link to a song and every sound file"
ANSWER_ON_REQUEST: Final = "only when asked"
ANSWER_QUIET: Final = "only commands, and only for the person who asks"
ANSWER_OFF: Final = "not at all"
HERE: Final = "in this channel"
EVERYWHERE: Final = "in the whole server"
MODELS: Final = {"wide": "13 genres", "study": "rock, hip-hop, electronic"}

FILED: Final = "filed"
"""Mark of the bars of the genres under which a song is filed."""

STATS_TITLE: Final = "What this server sounds like"
NO_MESSAGE_CONTENT: Final = (
    "Discord does not let me see pasted links: the Message Content Intent is off. Switch it on at "
    "https://discord.com/developers/applications (your application, Bot, Privileged Gateway "
    "Intents) and restart me. Until then I answer mentions, direct messages and commands."
)


MAX_ROLES: Final = 20
"""Roles that are named."""


def ignored_roles(ids: Sequence[str]) -> str:
    """Return which roles are ignored, in Discord's markup."""
    named = ", ".join(f"<@&{one}>" for one in ids[:MAX_ROLES])
    more = f" and {len(ids) - MAX_ROLES} more" if len(ids) > MAX_ROLES else ""
    return f"Ignored roles: {named}{more}"


def connected(name: str, servers: int) -> str:
    """Return the log line for an established connection."""
    where = "1 server" if servers == 1 else f"{servers} servers"
    return f"Discord: connected as {name}, in {where}"


def unreachable(seconds: float) -> str:
    """Return the log line for a failed connection that is retried after `seconds`."""
    return f"Discord does not answer; trying again in {seconds:.0f} s"


def failed(seconds: float) -> str:
    """Return the log line for an unexpected failure, after which the bot connects again."""
    return f"Discord: unexpected failure; connecting again in {seconds:.0f} s"


def connection_refused(code: int) -> str:
    """Return the message for a gateway close that is not retried; `code` is the close code."""
    return f"Discord refuses this bot, or this part of it: code {code}."
