"""Texts used on Discord only: command descriptions, option labels, help, operator messages."""

from typing import Final

from bot.texts.services import LINK

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
SCOPE: Final = "Where this holds; if you don’t say: in this channel"
REACTIONS_OPTION: Final = "Whether reactions are votes"
MODEL: Final = "Which genres I know"
RESET: Final = "First take back all that was set there"
FORGET_ME: Final = "Delete everything you told me"
HELP: Final = "What I can do, and which reaction means which genre"

ANSWER_AUTO: Final = "every link to a song and every sound file"
ANSWER_ON_REQUEST: Final = "only when asked"
ANSWER_OFF: Final = "not at all"
HERE: Final = "in this channel"
EVERYWHERE: Final = "in the whole server"
MODELS: Final = {"wide": "13 genres", "study": "rock, hip-hop, electronic"}

FILED: Final = "filed"
"""Mark of the bars of the genres under which a song is filed."""

STATS_TITLE: Final = "What this server sounds like"
REACTIONS: Final = "**Reactions are votes.** On a card, anyone may react with"
RIGHT: Final = "that’s right"
HELP_TEXT: Final = (
    "### What does it sound like?\n"
    f"Paste {LINK}, and I say which genre it sounds like, and why. Or:\n"
    "- drop a sound file, and I listen to it\n"
    "- `/genre` with a title, “title - artist”, a link or a file\n"
    "- right-click a message with a link or a file, then *Apps*, *What does this sound like?*\n"
    "- mention me in a message with a link, or write to me directly\n"
    "Disagree? React, or pick a genre under the card. I keep it, and learn from it, "
    "except on sound files. A 🗑️ from the person who asked deletes my reply.\n"
    "`/genre-stats` shows this server’s figures, `/genre-settings` is for those who manage it, and "
    "`/genre-forget-me` deletes everything you told me."
)
NO_MESSAGE_CONTENT: Final = (
    "Discord does not let me see pasted links: the Message Content Intent is off. Switch it on at "
    "https://discord.com/developers/applications (your application, Bot, Privileged Gateway "
    "Intents) and restart me. Until then I answer mentions, direct messages and commands."
)


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
