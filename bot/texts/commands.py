"""Help of the commands."""

import shlex
from typing import Final

APP: Final = (
    "What a song sounds like: genres, features and reasons of a link or a sound file, in Discord, "
    "Slack and here."
)

RUN: Final = "Run the bot on the platforms whose secrets are set, else as a chat on a web page."
PLATFORM: Final = "Run only this platform; several are possible. local is an alias of web."
PUBLIC: Final = "Serve the web page to everyone, behind a proxy; docs/web.md says how."
SHARDS: Final = "Run a part of a large Discord bot, such as 0-3/16."

ASK: Final = "Answer once, in the terminal."
TEXT: Final = (
    "A link to a song, or song - artist; quotes are not needed. Or a sound file, which is listened "
    "to on this computer."
)
JSON: Final = "Print one JSON object."
CHART: Final = "Write the chart to this file: .png, .jpg or .webp."
CARD: Final = "Write the card to this file, to share: a square .png, .svg or .pdf."
THEME: Final = "Colours of the chart and of the card."
MODEL: Final = "Use another model than MODEL says."

CHECK: Final = (
    "Say by platform what is set, missing and wrong, and try the services and the database."
)
INVITE: Final = "Print the links that add the bot to a server or an account."
INVITE_SLACK: Final = "Print the link that creates the Slack app instead."
HEALTH: Final = "Say whether the bot on this machine is running; exit code 1 if not."
LEARN: Final = (
    "Retrain the model when RETRAIN_AFTER and RETRAIN_AT say so, without serving a platform."
)
LEARN_NOW: Final = "Retrain once now, and end."
LINKS: Final = (
    "Find the links to music services in each line of standard input; print one JSON object a line."
)
SOURCES: Final = (
    "Print the state of each source: whether it is asked, its last error, and the calls left of "
    "this day."
)
SOURCES_JSON: Final = "Print one JSON list."
SOURCES_TRACK: Final = "A link to a song or its name: each source is asked what it knows of it."

INSTALL_AUDIO: Final = "pip install 'soundslike[audio]'"
"""Command that installs what reads the formats of the extra."""


ONE_FILE: Final = "One file at a time; for several: soundslike listen FOLDER --out table.csv"

CARD_OF_SONGS: Final = (
    "A card to share is of one song: --chart draws an album, a playlist or an artist."
)


def ask(link: str) -> str:
    """Return the command that asks for the song at a link."""
    return f"soundslike ask {shlex.quote(link)}"


def not_installed(format_: str) -> str:
    """Return that files of a format are not read, with the command that installs what does."""
    kind = f"{format_} files" if format_ else "that file"
    return f"I can't read {kind} here ({INSTALL_AUDIO} adds that). An mp3, wav or flac will do."


def listen_to_folder(folder: object) -> str:
    """Return that a folder is listened to by another command."""
    command = f"soundslike listen {shlex.quote(str(folder))} --out table.csv"
    return f"That is a folder: {command} listens to all sounds in it."


def chart_format(suffix: str) -> str:
    """Return that charts are not written in a format."""
    return f"Charts are not written as {suffix} files: choose a name with .png, .jpg or .webp."


def card_format(suffix: str) -> str:
    """Return that cards are not written in a format."""
    return f"Cards are not written as {suffix} files: choose a name with .png, .svg or .pdf."
