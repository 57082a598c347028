"""The commands `run`, `ask`, `check`, `learn`, `links` and so on, and those of `models`.

Modules of commands are imported when they are run: heavy imports stay out of the start.
"""

import asyncio
import os
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot import texts
from bot.cli import models
from bot.domain.cards import Theme
from bot.platforms.discord.shards import Shards
from bot.texts import commands as words
from model import command_line

PROGRAM = "python -m bot"
ASK_EXAMPLES = (
    "Old Town Road",
    "old town road --card card.png",
    "old town road --chart chart.png --json",
    "song.mp3",
)


class PlatformOption(StrEnum):
    """Values of --platform."""

    WEB = "web"
    DISCORD = "discord"
    SLACK = "slack"
    LOCAL = "local"


def main(arguments: Sequence[str], program: str = PROGRAM) -> int:
    """Run one command; return the exit code."""
    app = command_line.new_app(words.APP)
    add_commands(app, program)
    return run(app, arguments, program)


def run(app: typer.Typer, arguments: Sequence[str], program: str) -> int:
    """Run a command of an app that has the bot's commands; return the exit code."""
    # An unresponsive name server would otherwise block a thread, and with it the exit, for 20 s.
    os.environ.setdefault("RES_OPTIONS", "timeout:2 attempts:1")
    return command_line.run(app, arguments, program, texts.output_failed)


def add_commands(app: typer.Typer, program: str) -> None:
    """Add the bot's commands to `app`, with examples that call `program`."""
    commands = (
        ("run", words.RUN, _run, ("", "--platform discord slack", "--platform web --public")),
        (
            "ask",
            words.ASK,
            _ask,
            ASK_EXAMPLES,
        ),
        ("check", words.CHECK, _check, ("",)),
        ("invite", words.INVITE, _invite, ("", "--slack")),
        ("health", words.HEALTH, _health, ("",)),
        ("learn", words.LEARN, _learn, ("", "--now")),
        ("links", words.LINKS, _links, ("< messages.txt",)),
        ("sources", words.SOURCES, _sources, ("", "--json", "old town road")),
    )
    command_line.add_commands(app, program, commands)
    models.add_group(app, program)


def _run(
    platform: Annotated[
        list[PlatformOption] | None,
        typer.Option(help=words.PLATFORM),
    ] = None,
    shards: Annotated[
        Shards | None,
        typer.Option(parser=Shards.parse, metavar="FIRST-LAST/COUNT", help=words.SHARDS),
    ] = None,
    *,
    public: Annotated[bool, typer.Option("--public", help=words.PUBLIC)] = False,
) -> None:
    from bot.cli import run as command

    raise typer.Exit(command.run(platform or [], shards, public=public))


def _ask(
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help=words.TEXT)],
    *,
    as_json: Annotated[bool, typer.Option("--json", help=words.JSON)] = False,
    chart: Annotated[Path | None, typer.Option(metavar="FILE", help=words.CHART)] = None,
    card: Annotated[Path | None, typer.Option(metavar="FILE", help=words.CARD)] = None,
    theme: Annotated[Theme, typer.Option(help=words.THEME)] = Theme.DARK,
    model: Annotated[str | None, typer.Option(metavar="NAME", help=words.MODEL)] = None,
) -> None:
    from bot.cli import ask as command
    from bot.cli.picture_files import PictureFiles

    pictures = PictureFiles(chart, card, theme)
    code = asyncio.run(command.answer(text, as_json=as_json, pictures=pictures, model=model))
    raise typer.Exit(code)


def _check() -> None:
    from bot.cli import check as command

    raise typer.Exit(asyncio.run(command.report()))


def _invite(
    *, slack: Annotated[bool, typer.Option("--slack", help=words.INVITE_SLACK)] = False
) -> None:
    from bot.cli import invite as command

    raise typer.Exit(command.report_slack() if slack else command.report())


def _health() -> None:
    from bot.cli import health as command

    raise typer.Exit(command.report())


def _learn(*, now: Annotated[bool, typer.Option("--now", help=words.LEARN_NOW)] = False) -> None:
    from bot.cli import learn as command

    raise typer.Exit(command.run(now=now))


def _links() -> None:
    from bot.cli import links as command

    raise typer.Exit(command.run())


def _sources(
    track: Annotated[
        list[str] | None, typer.Argument(help=words.SOURCES_TRACK, show_default=False)
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=words.SOURCES_JSON)] = False,
) -> None:
    from bot.cli import sources as command

    raise typer.Exit(asyncio.run(command.report(" ".join(track or ()), as_json=as_json)))
