"""The app of the command `soundslike`: the commands of `bot`, `model` and `training`."""

from collections.abc import Sequence
from typing import Annotated

import typer

import model.commands
import training.cli
from bot.cli import main as bot
from bot.texts import commands as words
from model import command_line
from soundslike import __version__

PROGRAM = "soundslike"


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code."""
    return bot.run(build_app(), arguments, PROGRAM)


def build_app() -> typer.Typer:
    """Return the app with the commands of the bot, the model and, under `train`, training."""
    app = command_line.new_app(words.APP, completion=True)
    app.callback()(_options)
    bot.add_commands(app, PROGRAM)
    model.commands.add_commands(app, PROGRAM)
    train = command_line.new_app(training.cli.HELP)
    training.cli.add_commands(train, f"{PROGRAM} train")
    app.add_typer(train, name="train")
    return app


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"{PROGRAM} {__version__}")
        raise typer.Exit


def _options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Declare the options that stand before a command."""
