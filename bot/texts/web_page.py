"""Texts of the web platform's page."""

from collections.abc import Mapping
from typing import Final

from bot.domain import emoji
from bot.domain.sanitize import one_line
from bot.domain.song_names import Title
from bot.domain.sound_ports import MAX_UPLOAD_BYTES, MAX_UPLOADS
from bot.domain.tracks import Track
from bot.domain.votes import Ballot
from bot.texts.card import title
from bot.texts.own_labels import WEB as WEB_LABELS
from bot.texts.replies import YOUR_DATA
from bot.texts.services import LINK
from bot.texts.site import FRAME
from model.genres import WIDE
from model.sound.format_table import COMMON

FOREIGN_ORIGIN: Final = "This chat only talks to its own page. Open it at {address}."
NOT_JSON: Final = "That request was not JSON, so I could not read it."
MALFORMED: Final = "That request is malformed: “{field}” is wrong."
NOT_YOUR_CARD: Final = (
    "I can't find that card among yours. If your browser blocks cookies, please allow this page's: "
    "by it I know which cards are yours."
)
FILE_TOO_BIG: Final = (
    f"That file is too big for me: I listen to files of up to {MAX_UPLOAD_BYTES >> 20} MB."
)

WHAT_IS_IT: Final = "What does it sound like?"

HELP: Final = (
    f"Paste {LINK}, or drop a sound file. I say its genre, and why.\n"
    "By name: type it, as in “Heroes - David Bowie”.\n"
    "Disagree? Vote on the card. I learn from it, except on sound files.\n"
    f"Undo: /forget-me deletes {YOUR_DATA}."
)
"""Answers /help; the page displays it line by line, with songs to try below."""

KEPT: Final = (
    "I keep answers and votes, with a random number in a cookie to tell yours; no sounds, no IP "
    f"addresses. /forget-me in the chat deletes {YOUR_DATA}."
)
"""What a page for everyone keeps, and how to delete it."""

PUBLIC_HELP: Final = HELP.rpartition("\n")[0] + f"\n{KEPT}"
"""Answers /help on a page for everyone."""

PAGE: Final[Mapping[str, str]] = {
    "subtitle": "local chat on this computer",
    "skip": "Skip to the message field",
    "log": "Conversation",
    "composer": "Message",
    "placeholder": "A song, a link or a file",
    "send": "Send",
    "keys": "Enter sends, Shift + Enter starts a new line.",
    "slash": "/ lists the commands.",
    "suggestions": "Suggestions",
    "welcome": WHAT_IS_IT,
    "welcome_more": (
        f"Type a song and pick it, or paste {LINK}, and I say which genre it sounds like, how "
        "surely, and why. If you disagree, vote on the card."
    ),
    "welcome_examples": "Or try a song. A sample of famous ones works without a network:",
    "welcome_disputes": "Or press a famous dispute. These work without a network:",
    "drop_here": "Drop a sound file here, or choose one",
    "file_kinds": f"{', '.join(COMMON[:5])} … Heard on this computer; no sound is kept.",
    "pick_file": "Choose a sound file",
    "drop_now": "Drop it, and I listen.",
    "no_script": (
        "Your browser runs no JavaScript here. Search, cards, Compare and What if work without it; "
        "the chat, sound files and votes need it."
    ),
    "new_below": "New reply below",
    "offline": "The bot can't be reached. Is it still running? Trying again …",
    "retry_now": "Try now",
}
"""What the template of the chat knows as `words`."""

SCRIPT: Final[Mapping[str, str]] = {
    "name": FRAME["name"],
    "you": "You",
    "first_hint": "Enter: {song}",
    "listening": "Listening …",
    "still_listening": "Still listening; the music services take their time …",
    "waiting": "Not sent yet. I keep it and send it as soon as the bot is back.",
    "try_again": "Try again",
    "already": "I've answered that one already.",
    "show_card": "Show its card",
    "file_waits": "Listening soon, after the files before it …",
    "file_sending": "Sending the file …",
    "file_sent": "Sent of the file",
    "file_failed": "The connection ended before the whole file had arrived.",
    "file_lost": "This page was loaded again before the file was sent. Please give it to me again.",
    "file_unreadable": "I can't read that file: it was moved, deleted or changed.",
    "folder_dropped": (
        "That is a folder: drop the files in it. Or in a terminal: "
        "soundslike listen FOLDER --out table.csv"
    ),
    "not_taken": f"Not taken: {{names}}. I take {MAX_UPLOADS} files at a time.",
    "and_others": "{names} and {count} more",
}
"""What the scripts of the chat know as `say`."""

PUBLIC_PAGE: Final[Mapping[str, str]] = {
    **PAGE,
    "subtitle": "genres of songs, and why",
    "file_kinds": f"{', '.join(COMMON[:5])} … Neither the sound nor its name is kept.",
    "offline": "The page can't be reached. Are you online? Trying again …",
    "welcome_examples": "Or try a song:",
    "welcome_disputes": FRAME["disputes"],
}
PUBLIC_SCRIPT: Final[Mapping[str, str]] = {
    **SCRIPT,
    "waiting": "Not sent yet. I keep it and send it as soon as the page can be reached.",
    "folder_dropped": "That is a folder: drop the files in it.",
}
"""The same on a page for everyone, whose visitors do not run the bot."""

COMMANDS: Final = (
    {"name": "/genre", "about": "a link, or song - artist", "argument": True},
    {"name": "/genre-stats", "about": "figures, and what I learned", "argument": False},
    {"name": "/labels", "about": WEB_LABELS, "argument": True, "complete": True},
    {"name": "/help", "about": "what I can do", "argument": False},
    {"name": "/forget-me", "about": f"delete {YOUR_DATA}", "argument": False},
)
"""Commands suggested when the user types "/".

`argument` marks those that take text, `complete` those of them that do something without it.
"""

PUBLIC_COMMANDS: Final = tuple(one for one in COMMANDS if one["name"] != "/labels")
"""The same on a page for everyone, which has no labels of its own."""

EXAMPLES: Final = (
    {"text": "Old Town Road", "about": "Country or hip-hop?"},
    {"text": "Heroes - David Bowie", "about": "Rock, full of synthesizers."},
    {
        "text": "https://open.spotify.com/track/2YpeDb67231RjR0MgVLzsG",
        "about": "Any link to a track.",
    },
)
"""Example messages on the empty page, with a description each."""


DISPUTES: Final = (
    "Old Town Road - Lil Nas X",
    "Bohemian Rhapsody - Queen",
    "Jolene - Dolly Parton",
    "Crazy In Love - Beyoncé",
    "...Baby One More Time - Britney Spears",
    "Enter Sandman - Metallica",
)
"""Built-in songs over whose genre people argue; the empty page shows those that are disputed."""


def song_name(track: Track) -> str:
    """Return a track's title without notes of versions and guests, as in "Old Town Road"."""
    parts = (text for text, is_note in Title.of(track.title).name if not is_note)
    return one_line(" ".join(parts)) or title(track)


def current_vote(ballot: Ballot) -> str:
    """Return the user's current vote on a track; empty without one."""
    return f"Your vote for this song: {ballot.counted}." if ballot.counted else ""


def genre_options() -> list[dict[str, str]]:
    """Return the genres that a vote may name, with their emoji."""
    return [{"genre": genre, "emoji": emoji.GENRES[genre]} for genre in WIDE]
