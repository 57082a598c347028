"""Layout of the summary of an album, a playlist or an artist as Block Kit."""

from itertools import islice
from typing import Final

from bot.domain.collections import CollectionSummary
from bot.platforms.slack import present, present_card
from bot.platforms.slack.present import Block, plain
from bot.services.collection_choices import song_choices
from bot.texts import collections
from bot.texts.bars import BarLine, share_lines

MAX_SHARES: Final = 5
"""Genres whose share is displayed."""

MAX_OPTIONS: Final = 100
"""Options of a menu, by Slack's documentation."""


def summary(answer: CollectionSummary) -> list[Block]:
    """Return the layout of a summary without its chart, which is a message of its own."""
    name = plain(collections.name(answer), present.MAX_HEADER_LENGTH)
    about = filter(None, (collections.names(answer), collections.kind(answer)))
    sentence: Block = {"type": "section", "text": present.prose(collections.sentence(answer))}
    if cover := present.image(answer.image, collections.headline(answer)):
        sentence["accessory"] = cover
    small = filter(None, (collections.gaps(answer), collections.small_print(answer)))
    actions = _actions(answer)
    return [
        {"type": "header", "text": name},
        present.context(*about),
        sentence,
        {"type": "section", "text": present.mrkdwn(present_card.bars(_shares(answer)))},
        present.context(*small),
        *([{"type": "actions", "elements": actions}] if actions else []),
    ]


def line(answer: CollectionSummary) -> str:
    """Return a summary as one line, for notifications and clients without blocks."""
    return present.escape(f"{collections.headline(answer)}: {collections.sentence(answer)}")


def plain_text(answer: CollectionSummary) -> str:
    """Return a summary as text, for channels that refuse blocks."""
    return present.escape(collections.short_text(answer))[: present.MAX_TEXT_LENGTH]


def _shares(answer: CollectionSummary) -> list[BarLine]:
    return share_lines(dict(islice(answer.genres.items(), MAX_SHARES)))


def _actions(answer: CollectionSummary) -> list[Block]:
    """Return the menu of songs, and the button that opens the collection."""
    choices = song_choices(answer, MAX_OPTIONS, present.MAX_LABEL_LENGTH)
    options = {str(choice.ref): plain(choice.label) for choice in choices}
    menu = {
        "type": "static_select",
        "action_id": present.PICK,
        "placeholder": plain(collections.PICK_A_SONG),
        "options": [{"text": text, "value": ref} for ref, text in options.items()],
    }
    opens = answer.url if answer.url and answer.url.startswith("https://") else None
    return [*([menu] if options else []), *([present.open_button(opens)] if opens else [])]
