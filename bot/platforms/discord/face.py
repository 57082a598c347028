"""The text of a card in Discord's markup, without what needs components."""

from collections.abc import Iterable, Iterator
from typing import Final

from bot import texts
from bot.domain import emoji
from bot.domain.cards import Answer
from bot.platforms.discord import escaping
from bot.texts import discord as words
from bot.texts.bars import BarLine, bar_lines

BAR_WIDTH: Final = 6
"""Characters of a bar. With a percentage and a genre it fits beside a cover on a phone, which
leaves about 220 pixels."""


def heading(answer: Answer) -> str:
    """Return the title, untrusted text made harmless."""
    return escaping.isolate(escaping.escape(texts.title(answer.subject)))


def under_heading(answer: Answer) -> Iterator[str]:
    """Yield the lines under the title: artists, verdict, where it is filed, what is heard."""
    if answer.subject.artists:
        yield escaping.isolate(escaping.escape(texts.artists(answer.subject)))
    symbol = emoji.GENRES.get(answer.prediction.best, "")
    yield f"{symbol} **{texts.verdict(answer)}**"
    said = (texts.filed_under(answer), texts.sound_opinion(answer), texts.heard_line(answer))
    yield from filter(None, said)


def bars(answer: Answer) -> str:
    """Return the bars of the displayed genres, a line each; the filed ones are marked."""
    return bar_text(bar_lines(answer, BAR_WIDTH))


def bar_text(lines: Iterable[BarLine]) -> str:
    """Return bars, a line each, in a fixed-width font up to the name of the genre."""
    lines = list(lines)
    width = max((len(line.percent) for line in lines), default=0)
    return "\n".join(_bar(line, width) for line in lines)


def closing(answer: Answer) -> str:
    """Return why, and the facts; empty if nothing is known."""
    facts = texts.facts(answer)
    return "\n".join(filter(None, [texts.why(answer), facts and f"-# {facts}"]))


def _bar(line: BarLine, width: int) -> str:
    genre = f"**{line.genre}** · {words.FILED}" if line.is_filed else line.genre
    return f"`{line.percent:>{width}} {line.bar}` {genre}"
