"""Reads the typed commands about labels: which words name the label, and which the song."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from bot.domain import links
from bot.domain.own_labels import (
    APOSTROPHES,
    QUOTES,
    OwnLabel,
    ends_with_emoji_name,
    find_label,
    unquoted,
)


class Action(StrEnum):
    """First word of a typed command about labels; without one, they are listed."""

    LIST = "list"
    TEACH = "teach"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Named:
    """A label's name, and a link or a song's name, which may be empty.

    `is_certain` is False if it is not clear where the label's name ends.
    """

    label: str
    song: str = ""
    is_certain: bool = True


def read_action(text: str) -> tuple[Action | None, str]:
    """Return what a typed command does, None if that is unknown, and the rest of its words."""
    word, rest, *_ = *text.split(maxsplit=1), "", ""
    name = word.casefold() or Action.LIST
    return (Action(name) if name in list(Action) else None), rest.strip()


def read_named(said: str, labels: Sequence[OwnLabel]) -> Named:
    """Return the label and the song that a text names.

    A name of several words is in quotation marks, stands before a link, or is one of `labels`.
    Otherwise it is the first word, which is certain only if there are no others.
    """
    said = said.strip()
    if quoted := _quoted(said):
        return quoted
    words = said.split()
    before_link = list(takewhile(lambda word: not links.find(word).links, words))
    if len(before_link) < len(words):
        return _split(words, len(before_link))
    for count in range(len(words), 0, -1):
        named = _split(words, count)
        if find_label(labels, named.label):
            return named
    return _split(words, 1, is_certain=len(words) < 2)  # noqa: PLR2004 - only one word


def is_open_quote(name: str) -> bool:
    """Return whether a name begins with a quotation mark that is not closed."""
    return name[:1] in QUOTES and name[:1] not in APOSTROPHES and unquoted(name) == name


def _split(words: Sequence[str], count: int, *, is_certain: bool = True) -> Named:
    label = " ".join(words[:count])
    if not ends_with_emoji_name(label):
        label = label.rstrip(" :")
    return Named(label, " ".join(words[count:]), is_certain)


def _quoted(said: str) -> Named | None:
    """Return what a text names that begins with a quotation mark and has one that closes it.

    One that may be an apostrophe closes it at the end of a word only.
    """
    closing = QUOTES.get(said[:1], "")
    for end in range(1, len(said)):
        is_apostrophe = said[end] in APOSTROPHES and said[end + 1 : end + 2].strip(" :,")
        if said[end] in closing and not is_apostrophe:
            return Named(said[1:end].strip(), said[end + 1 :].strip(" :"))
    return None
