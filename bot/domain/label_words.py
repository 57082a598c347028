"""Reads the typed commands about labels: which words name the label, and which the song."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.domain import links
from bot.domain.own_labels import QUOTES, OwnLabel, find_label


@dataclass(frozen=True, slots=True)
class Named:
    """A label's name, and a link or a song's name, which may be empty."""

    label: str
    song: str = ""


def read_named(said: str, labels: Sequence[OwnLabel]) -> Named:
    """Return the label and the song that a text names.

    A name of several words is in quotation marks, stands before a link, or is one of `labels`;
    otherwise it is the first word.
    """
    said = said.strip()
    if quoted := _quoted(said):
        return quoted
    words = said.split()
    before_link = list(takewhile(lambda word: not links.find(word).links, words))
    if len(before_link) < len(words):
        return _split(words, len(before_link))
    for count in range(len(words), 0, -1):
        if find_label(labels, " ".join(words[:count])):
            return _split(words, count)
    return _split(words, 1)


def _split(words: Sequence[str], count: int) -> Named:
    return Named(" ".join(words[:count]).rstrip(" :"), " ".join(words[count:]))


def _quoted(said: str) -> Named | None:
    """Return what a text names that begins with a quotation mark and has another one."""
    closing = QUOTES.get(said[:1])
    end = said.find(closing, 1) if closing else -1
    return Named(said[1:end].strip(), said[end + 1 :].strip(" :")) if end > 0 else None
