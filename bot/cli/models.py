"""The commands `models list`, `promote`, `rollback` and `why`.

Modules of commands are imported when they are run: heavy imports stay out of the start.
"""

import asyncio
from typing import Annotated

import typer

from bot.texts import model_versions as words
from model import command_line

Version = Annotated[str, typer.Argument(metavar="VERSION", help=words.VERSION)]
Model = Annotated[str | None, typer.Option(metavar="NAME", help=words.MODEL)]
NoWait = Annotated[bool, typer.Option("--no-wait", help=words.NO_WAIT)]


def add_group(app: typer.Typer, program: str) -> None:
    """Add the group of commands to `app`, with examples that call `program`."""
    group = command_line.new_app(words.HELP)
    commands = (
        ("list", words.LIST, _list, ("", "--json")),
        ("promote", words.PROMOTE, _promote, ("3fa9c2d1",)),
        ("rollback", words.ROLLBACK, _rollback, ("",)),
        ("why", words.WHY, _why, ("3fa9c2d1",)),
    )
    command_line.add_commands(group, f"{program} models", commands)
    app.add_typer(group, name="models")


def _list(
    model: Annotated[str | None, typer.Option(metavar="NAME", help=words.MODEL_OF_LIST)] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=words.JSON)] = False,
) -> None:
    from bot.cli import models_list as command

    raise typer.Exit(asyncio.run(command.report(model, as_json=as_json)))


def _promote(
    version: Version,
    model: Model = None,
    *,
    force: Annotated[bool, typer.Option("--force", help=words.FORCE)] = False,
    no_wait: NoWait = False,
) -> None:
    from bot.cli import models_move as command

    raise typer.Exit(asyncio.run(command.promote(version, model, force=force, wait=not no_wait)))


def _rollback(
    model: Annotated[str | None, typer.Option(metavar="NAME", help=words.MODEL_OF_ROLLBACK)] = None,
    *,
    no_wait: NoWait = False,
) -> None:
    from bot.cli import models_move as command

    raise typer.Exit(asyncio.run(command.rollback(model, wait=not no_wait)))


def _why(version: Version, model: Model = None) -> None:
    from bot.cli import models_why as command

    raise typer.Exit(asyncio.run(command.report(version, model)))
