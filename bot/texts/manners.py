"""Texts of the help and of the first message in a server, with songs to try."""

from typing import Final, NamedTuple

from bot.domain.tracks import SubjectKind, SubjectRef
from bot.texts.replies import YOUR_DATA
from bot.texts.services import LINK


class Example(NamedTuple):
    """A song to try; it is built in, so that no music service is needed."""

    label: str
    ref: SubjectRef


EXAMPLES: Final = (
    Example("Old Town Road", SubjectRef(SubjectKind.TRACK, "2YpeDb67231RjR0MgVLzsG")),
    Example("Bohemian Rhapsody", SubjectRef(SubjectKind.TRACK, "7tFiyTwD0nx5a1eklYtX2J")),
    Example("In the End", SubjectRef(SubjectKind.TRACK, "60a0Rd6pjrkxjPbaKzXjfq")),
)

WELCOME: Final = (
    "### Hello! I say what songs sound like.\n"
    f"Paste {LINK}, and I answer with its genre, and why. Or drop a sound file.\n"
    "Too much? Those who manage this server can use `/genre-settings`: I then answer only when "
    "asked, only for the person who asks, or not at all. More: `/genre-help`. Try me:"
)
HELP: Final = (
    "### What does it sound like?\n"
    f"Paste {LINK}, or drop a sound file. I say its genre, and why.\n"
    "- Ask: `/genre` and a title; right-click or hold a message, then *Apps*; mention me, or "
    "write to me.\n"
    "- Leave me out: put a link in `<` `>`, or begin with `!`. A link in a spoiler gets a hidden "
    "answer.\n"
    "- Disagree: vote on the card. I learn from it, except on sound files.\n"
    "- Undo: edit or delete your message, or react with 🗑️ to my answer.\n\n"
    "`/genre-stats`: this server's figures. `/genre-settings`: when I answer. "
    "`/genre-labels`: labels of your own. "
    f"`/genre-forget-me`: deletes {YOUR_DATA}."
)
REACTIONS: Final = "Reactions are votes:"
RIGHT: Final = "that's right"
