"""The text of a card in Discord's markup, without what needs components."""

from collections.abc import Iterable, Iterator
from typing import Final

from bot import texts
from bot.domain import emoji
from bot.domain.cards import Answer
from bot.platforms.discord import escaping, ids
from bot.texts import discord as words
from bot.texts.bars import BarLine, bar_lines
from bot.texts.verdicts import says_filing
from model.verdicts import Verdict

BAR_WIDTH: Final = 6
"""Characters of a bar. With percentage and genre it fits on one line of a card on a phone, which
has about 240 pixels; beside a cover there would be 150."""

NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"
"""Clients break lines at other spaces, and some drop them at the ends of a code span."""


def heading(answer: Answer) -> str:
    """Return the title, untrusted text made harmless."""
    return escaping.isolate(escaping.escape(texts.title(answer.subject)))


def under_heading(answer: Answer) -> Iterator[str]:
    """Yield the lines under the title: artists, verdict, filing, what is heard, labels."""
    if answer.subject.artists:
        yield escaping.isolate(escaping.escape(texts.artists(answer.subject)))
    said = f"**{texts.unbroken(texts.verdict(answer))}**"
    if answer.prediction.verdict is Verdict.UNSURE or says_filing(answer):
        yield said  # no genre's emoji stands for it, nor for two that disagree
    else:
        yield f"{emoji.GENRES.get(answer.prediction.best, '')} {said}"
    more = (texts.filed_under(answer), texts.sound_opinion(answer), texts.heard_line(answer))
    yield from map(texts.unbroken, filter(None, more))
    if labels := texts.label_fits(answer, ids.PLATFORM):
        yield escaping.isolate(texts.unbroken(escaping.escape(labels)))


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
    return texts.unbroken("\n".join(filter(None, [texts.why(answer), facts and f"-# {facts}"])))


def _bar(line: BarLine, width: int) -> str:
    genre = f"**{line.genre}** · {words.FILED}" if line.is_filed else line.genre
    figures = f"{line.percent:>{width}} {line.bar}".replace(" ", NO_BREAK_SPACE)
    return f"`{figures}` {genre}"
