"""`soundslike`, or `python -m soundslike`: all commands in one."""

import sys
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    return bot.run(build_app(), sys.argv[1:] if arguments is None else arguments, PROGRAM)


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


if __name__ == "__main__":
    sys.exit(main())
