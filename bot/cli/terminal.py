"""Prints findings with colour, where the terminal has it."""

from collections.abc import Mapping
from typing import Final

import typer

COLOURS: Final[Mapping[bool | None, str]] = {
    True: typer.colors.GREEN,
    False: typer.colors.RED,
    None: typer.colors.YELLOW,
}


def print_line(line: str, ok: bool | None) -> None:  # noqa: FBT001 - a finding's third state
    """Print a line whose first character is a mark, and colour the mark."""
    typer.echo(typer.style(line[:1], fg=COLOURS[ok]) + line[1:])
