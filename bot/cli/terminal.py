"""Prints findings and cards with colour, where the terminal has it and NO_COLOR is not set."""

import os
from collections.abc import Mapping
from typing import Any, Final

import typer

from bot import texts
from bot.domain.cards import Answer

COLOURS: Final[Mapping[bool | None, str]] = {
    True: typer.colors.GREEN,
    False: typer.colors.RED,
    None: typer.colors.YELLOW,
}


def print_finding(line: str, ok: bool | None) -> None:  # noqa: FBT001 - a finding's third state
    """Print a line whose first character is a mark, and colour the mark."""
    _print(typer.style(line[:1], fg=COLOURS[ok]) + line[1:])


def print_card(answer: Answer) -> None:
    """Print a card: the title bold, the verdict coloured, the small print dim."""
    styles: Mapping[str, Mapping[str, Any]] = {
        texts.headline(answer.subject): {"bold": True},
        texts.verdict(answer): {"bold": True, "fg": typer.colors.CYAN},
        texts.small_print(answer): {"dim": True},
    }
    for line in texts.plain_text(answer).splitlines():
        _print(typer.style(line, **styles[line]) if line in styles else line)


def _print(line: str) -> None:
    # https://no-color.org
    typer.echo(line, color=False if os.environ.get("NO_COLOR") else None)
