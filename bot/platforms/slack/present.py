"""Elements of Block Kit, and layouts of sentences.

Text from outside is used in plain_text only.
"""

import re
from typing import Any, Final

from bot import texts
from bot.domain.replies import MAX_CHOICES, Notice
from bot.domain.sanitize import one_line
from bot.domain.statistics import WorkspaceStats
from bot.domain.text import shorten
from bot.platforms.slack import emoji_names
from bot.texts import learned
from bot.texts import slack as words

MAX_HEADER_LENGTH: Final = 150
"""Characters of a header block, by Slack's documentation."""

MAX_TEXT_LENGTH: Final = 3000
"""Characters of a section's text, by Slack's documentation."""

MAX_LABEL_LENGTH: Final = 75
"""Characters on a button or of an option, by Slack's documentation."""

MAX_ALT_LENGTH: Final = 2000
"""Characters of the alternative text of a picture in a message, by Slack's documentation."""

NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"
"""Keeps a bar on one line; clients break code at other spaces."""

OPEN: Final = "open"
MODE: Final = "mode"
ANSWER_WAITING: Final = "answer_waiting"
PICK: Final = "pick"
"""First letters of the action ids of buttons and menus that ask for a song's card."""

_EMOJI_NAME: Final = re.compile(r":(?=[\w+'-]*[^\W\d][\w+'-]*:)")

Block = dict[str, Any]


def sentence(text: str) -> list[Block]:
    """Return the layout of a sentence, displayed literally."""
    return [{"type": "section", "text": prose(text)}]


def notice(notice: Notice) -> list[Block]:
    """Return the layout of a sentence with a button for each song that it offers."""
    blocks = sentence(notice.text)
    buttons = [
        {
            "type": "button",
            "action_id": f"{PICK}:{number}",
            "text": label(choice.label),
            "value": str(choice.ref),
        }
        for number, choice in enumerate(notice.choices[:MAX_CHOICES])
    ]
    if buttons:
        blocks.append({"type": "actions", "elements": buttons})
    return blocks


def waiting(count: int) -> list[Block]:
    """Return the layout that says how many messages wait, with the button that answers them."""
    blocks = sentence(texts.waiting(count))
    if count:
        button = {
            "type": "button",
            "action_id": ANSWER_WAITING,
            "text": plain(texts.ANSWER_WAITING),
            "style": "primary",
        }
        blocks.append({"type": "actions", "elements": [button]})
    return blocks


def pointer(text: str) -> list[Block]:
    """Return the layout of a sentence that contains a Slack address, displayed as a link."""
    return [{"type": "section", "text": {"type": "mrkdwn", "text": _without_entities(text)}}]


def stats(stats: WorkspaceStats) -> list[Block]:
    """Return the layout of a workspace's statistics."""
    blocks: list[Block] = [
        {"type": "header", "text": plain(words.STATS_TITLE)},
        {"type": "section", "text": mrkdwn(texts.stats(stats))},
    ]
    if stats.disputed:
        blocks.append({"type": "section", "text": mrkdwn(f"*{learned.DISPUTED}*")})
    for song in stats.disputed:
        block: Block = {"type": "section", "text": prose(learned.disputed(song))}
        if (song.track.url or "").startswith("https://"):
            block["accessory"] = open_button(song.track.url or "")
        blocks.append(block)
    return blocks


def help_text() -> list[Block]:
    """Return the layout of the help, with the reactions that are votes."""
    genres = " ".join(f":{name}: {genre}" for genre, name in emoji_names.GENRES.items())
    reactions = f"{words.REACTIONS} :{emoji_names.RIGHT}: {words.RIGHT} {genres}"
    return [
        {"type": "section", "text": mrkdwn(words.HELP_TEXT)},
        {"type": "context", "elements": [mrkdwn(reactions)]},
    ]


def plain(text: str, most: int = MAX_TEXT_LENGTH) -> Block:
    """Return text that Slack displays literally: no markup, mentions or emoji names."""
    return {"type": "plain_text", "text": text[:most] or " ", "emoji": False}


def prose(text: str) -> Block:
    """Return text that Slack displays literally, with figures that stay on one line."""
    return plain(texts.unbroken(text))


def label(text: str) -> Block:
    """Return the text of a button or an option, cut to the length that Slack allows."""
    return plain(shorten(one_line(text), MAX_LABEL_LENGTH))


def open_button(url: str) -> Block:
    """Return the button that opens a page of a music service."""
    text = plain(texts.open_in(url))
    return {"type": "button", "action_id": OPEN, "text": text, "url": url}


def mrkdwn(text: str) -> Block:
    """Return text of ours with markup, and with figures that stay on one line.

    It must not contain text from outside.
    """
    escaped = _without_entities(texts.unbroken(text))
    return {"type": "mrkdwn", "text": escaped[:MAX_TEXT_LENGTH], "verbatim": True}


def button(action: str, text: str, value: str, **more: str) -> Block:
    """Return a button; `more` are its optional fields."""
    return {"type": "button", "action_id": action, "text": label(text), "value": value, **more}


def escape(text: str) -> str:
    """Return text without markup for mentions and links, and with names of emoji left as text."""
    return _EMOJI_NAME.sub(":\u200b", _without_entities(text))


def option(text: str, value: str) -> Block:
    """Return an option of a menu."""
    return {"text": plain(text), "value": value}


def context(*lines: str) -> Block:
    """Return small text; at least one line is needed."""
    return {"type": "context", "elements": [prose(line) for line in lines]}


def image(url: str | None, alt: str) -> Block | None:
    """Return a picture by its address; None for an address that Slack would not fetch."""
    if not url or not url.startswith("https://") or len(url) > MAX_TEXT_LENGTH:
        return None
    return {"type": "image", "image_url": url, "alt_text": shorten(one_line(alt), MAX_ALT_LENGTH)}


def isolate(text: str) -> str:
    """Return text whose direction of writing does not change that of the words around it."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def without_images(blocks: list[Block]) -> list[Block]:
    """Return a layout without its pictures, of which Slack may be unable to fetch one."""
    return [
        {key: value for key, value in block.items() if not _is_image(value)}
        for block in blocks
        if not _is_image(block)
    ]


def _is_image(part: object) -> bool:
    return isinstance(part, dict) and part.get("type") == "image"


def _without_entities(text: str) -> str:
    """Escape the characters that start mentions and links."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
