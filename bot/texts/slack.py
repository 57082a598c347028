"""Texts used on Slack only: the slash command, App Home, help, operator messages."""

from collections.abc import Mapping
from typing import Final

from bot.domain.channel_settings import Mode
from bot.domain.replies import Choice
from bot.texts import manners
from bot.texts.addresses import http_address
from bot.texts.replies import YOUR_DATA
from bot.texts.services import LINK

STATS_TITLE: Final = "What this workspace sounds like"
HOME: Final = "Soundslike"
RECENT: Final = "Your recent songs"
SETTINGS: Final = "Settings"
ASK_ADMIN: Final = "Owners and admins of the workspace can change them here."
WHAT_IS_IT: Final = "What is it then?"
WRONG: Final = "That's not it"
FILED: Final = "filed"
"""Mark of the genres that the song is filed under, beside their bars."""

CHART_TITLE: Final = "What it sounds like, in %"
CHART_SERIES: Final = "Probability in %"
"""Title and only series of the bar chart of genres; at most 50 and 20 characters."""
REACTIONS: Final = "*Reactions to a card are votes:*"
RIGHT: Final = "that's right"
SHORTCUT: Final = "What's this sound like?"
"""Name of the message shortcut; Slack allows at most 24 characters."""

SAVED_PRIVATELY: Final = "Here you are: I sent you the picture in our direct messages."
SAVED_HERE: Final = "Here you are: the picture is below."
SAVED_IN_THREAD: Final = (
    "I couldn't write to you directly, so the picture is in the card's thread, where all see it."
)

HELP_TEXT: Final = (
    f"Paste {LINK} or drop a sound file in a channel that I'm in: I say in its thread what it "
    "sounds like. `/genre` with a link or “song - artist” works anywhere, and so does "
    f"*{SHORTCUT}* in the menu of a message.\n"
    "Disagree? Vote under the card: I keep it, and learn from it, except on sound files.\n"
    "Begin a message with `!` or put its link in code, and I leave it alone. Edit or delete it, or "
    "react with :wastebasket: to my reply, and the reply goes.\n"
    "`/genre settings` says when I answer here, `/genre stats` shows this workspace's figures, "
    "`/genre labels` are labels of your own, "
    f"`/genre forget-me` deletes {YOUR_DATA}."
)
TRY_ONE: Final = "*Try one.* Only you see the answer."
EXAMPLES: Final = tuple(Choice(example.label, example.ref) for example in manners.EXAMPLES)
"""Songs of the help and of the greeting."""

SETTINGS_USAGE: Final = (
    "Say `/genre settings` with any of: `auto`, `on-request`, `quiet`, `off`, `reset`, "
    "`reactions on`, `reactions off`, `model NAME`, and `everywhere` for the whole workspace."
)
NOT_ALLOWED: Final = (
    "Only owners and admins of the workspace and the creator of this channel can change that."
)
MODES: Final[Mapping[Mode, str]] = {
    Mode.AUTO: "answer every link to a song and every sound file",
    Mode.ON_REQUEST: "answer only when asked",
    Mode.QUIET: "answer commands only, for the person who asks",
    Mode.OFF: "stay silent",
}
TOKEN_KEY_NOT_SET: Final = (
    "SLACK_TOKEN_KEY is not set: it encrypts the tokens of the workspaces that install the app. "
    '`python3 -c "import secrets; print(secrets.token_hex(32))"` generates one'
)
ORG_INSTALL_UNSUPPORTED: Final = (
    "Soundslike cannot be installed for a whole organization; install it in a single workspace"
)
FILES_SCOPE_MISSING: Final = (
    "Slack: sound files cannot be read: the scope files:read is missing. Add it to the app, as in "
    "slack-manifest.yaml, and install the app again; see docs/slack.md"
)
TOKEN_MALFORMED: Final = "not a token"
CONNECTED: Final = "Slack: connected by Socket Mode"


def welcome(mode: Mode) -> str:
    """Return what the bot says when it is added to a channel with this mode."""
    ask = f"Paste {LINK} here"
    if mode is Mode.ON_REQUEST:
        ask = f"Mention me with {LINK}"
    return (
        f"Hello! {ask}, and I say in its thread what it sounds like. Disagree? Press another genre "
        "under my answer. /genre help says what else I do, and /genre settings off switches me "
        "off here. Try me:"
    )


def filed_category(genre: str) -> str:
    """Return a chart's label of a genre that the song is filed under; at most 20 characters."""
    return f"{genre} ({FILED})"


def picture_of(song: str) -> str:
    """Return the sentence above a card's picture in a direct message; `song` is its headline."""
    return f"The card of {song}, to save or to share:"


def listening(host: str, port: int) -> str:
    """Return the log line for the event server's address."""
    return f"Slack: waiting for events at {http_address(host, port, '/slack/events')}"


def file_refused(reason: str) -> str:
    """Return the log line for a file that Slack does not give to the bot."""
    return f"Slack {reason} when a sound file was fetched; is the scope files:read granted?"


def unreachable(seconds: float) -> str:
    """Return the log line for a failed connection that is retried after `seconds`."""
    return f"Slack does not answer; trying again in {seconds:.0f} s"


def token_rejected(reason: str) -> str:
    """Return the message for a rejected token; `reason` is Slack's error code."""
    return f"Slack refuses SLACK_BOT_TOKEN or SLACK_APP_TOKEN ({reason}); see docs/slack.md"
