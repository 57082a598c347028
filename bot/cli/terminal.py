"""Prints findings and cards with colour, where the terminal has it and NO_COLOR is not set."""

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, Final

import typer

from bot import texts
from bot.domain.cards import Answer
from bot.domain.collections import CollectionSummary
from bot.domain.source_states import Condition, SourceState
from bot.texts import collections, numbers, sources

COLOURS: Final[Mapping[bool | None, str]] = {
    True: typer.colors.GREEN,
    False: typer.colors.RED,
    None: typer.colors.YELLOW,
}

MIN_WIDTH: Final = 40
"""Columns of a narrow terminal; lines are not wrapped at fewer."""


def print_finding(line: str, ok: bool | None) -> None:  # noqa: FBT001 - a finding's third state
    """Print a line whose first character is a mark, and colour the mark."""
    _print(typer.style(line[:1], fg=COLOURS[ok]) + line[1:])


def print_state(state: SourceState) -> None:
    """Print a line about a source, and colour its state."""
    colour = {Condition.READY: True, Condition.WAITING: None, Condition.OFF: False}
    name, word = state.name, state.condition.value
    line = sources.state_line(state)
    start = line.index(word, len(name))
    end = start + len(word)
    coloured = typer.style(line[start:end], fg=COLOURS[colour[state.condition]])
    _print(line[:start] + coloured + line[end:])


def print_card(answer: Answer) -> None:
    """Print a card: the title bold, the verdicts coloured, the small print dim."""
    styles: dict[str, Mapping[str, Any]] = {
        texts.headline(answer.subject): {"bold": True},
        texts.verdict(answer): {"bold": True, "fg": typer.colors.CYAN},
        texts.small_print(answer): {"dim": True},
    }
    if opinion := texts.sound_opinion(answer):
        styles |= {opinion: {"fg": typer.colors.CYAN}}
    for line in texts.plain_text(answer).splitlines():
        _print(typer.style(line, **styles[line]) if line in styles else line)


def print_summary(summary: CollectionSummary) -> None:
    """Print a summary of a collection: the title bold, the small print dim."""
    styles: Mapping[str, Mapping[str, Any]] = {
        collections.headline(summary): {"bold": True},
        collections.sentence(summary): {"bold": True, "fg": typer.colors.CYAN},
        collections.small_print(summary): {"dim": True},
    }
    for line in collections.plain_text(summary).splitlines():
        _print(typer.style(line, **styles[line]) if line in styles else line)


def print_wrapped(lines: Iterable[str]) -> None:
    """Print lines, wrapped at the width of the terminal; 80 columns if it is not known.

    What follows the first part of a line is indented by two more. Nothing is wrapped within a
    figure, as in "50 %".
    """
    width = shutil.get_terminal_size().columns
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        parts = textwrap.wrap(
            numbers.unbroken(line),
            max(width, MIN_WIDTH),
            subsequent_indent=f"{indent}  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for part in parts or [""]:
            typer.echo(part.replace(numbers.NO_BREAK_SPACE, " "))


class ProgressLine:
    """A line on standard error that is overwritten; nothing if that is no terminal."""

    def __init__(self) -> None:
        self._width = 0

    async def show(self, sentence: str) -> None:
        """Display a sentence instead of the one before."""
        if sys.stderr.isatty():
            print(f"\r{sentence:<{self._width}}", end="\r", file=sys.stderr, flush=True)
            self._width = len(sentence)

    async def clear(self) -> None:
        """Remove the line."""
        await self.show("")


def _print(line: str) -> None:
    # https://no-color.org
    typer.echo(line, color=False if os.environ.get("NO_COLOR") else None)
