"""Parses the command line of `python -m bot` and runs a command.

Modules of commands are imported when they are run: heavy imports stay out of the start.
"""

import argparse
import asyncio
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import texts
from bot.platforms.discord.shards import Shards

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells report it."""


def main(arguments: Sequence[str]) -> int:
    """Run one command; return the exit code."""
    # An unresponsive name server would otherwise block a thread, and with it the exit, for 20 s.
    os.environ.setdefault("RES_OPTIONS", "timeout:2 attempts:1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # for terminals that cannot encode "✓"
    options = _parser().parse_args(arguments)
    command: Any = options.command
    try:
        code = int(command(options))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:  # the reader of our output has exited, or its disk is full
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        print(texts.output_failed(error), file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="What a song sounds like.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    _add_ask(commands)

    check = commands.add_parser("check", help="say what is configured and what is missing")
    check.set_defaults(command=_check)

    invite = commands.add_parser("invite", help="print the links that add the bot to a server")
    invite.add_argument("--slack", action="store_true", help="the link that creates a Slack app")
    invite.set_defaults(command=_invite)

    health = commands.add_parser("health", help="say whether the bot on this machine is alive")
    health.set_defaults(command=_health)

    links = commands.add_parser("links", help="find the links in each line of standard input")
    links.set_defaults(command=_links)
    return parser


def _add_run(commands: Any) -> None:
    run = commands.add_parser("run", help="run the bot where its secrets are set, else on the web")
    run.add_argument(
        "--platform",
        action="extend",
        nargs="+",
        choices=("web", "discord", "slack", "local"),
        default=[],
        help="run only these; local is an alias of web",
    )
    run.add_argument(
        "--shards",
        type=Shards.parse,
        metavar="FIRST-LAST/COUNT",
        help="run a part of a Discord bot, such as 0-3/16",
    )
    run.set_defaults(command=_run)


def _add_ask(commands: Any) -> None:
    ask = commands.add_parser("ask", help="answer once, in the terminal")
    ask.add_argument("text", metavar="TEXT", help="a Spotify link or “song - artist”")
    ask.add_argument("--json", action="store_true", help="answer as one JSON object")
    ask.add_argument("--chart", type=Path, metavar="FILE", help="write the chart there, a PNG")
    ask.add_argument("--theme", choices=("dark", "light"), default="dark", help="of the chart")
    ask.add_argument("--model", metavar="NAME", help="another model than MODEL says")
    ask.set_defaults(command=_ask)


def _run(options: argparse.Namespace) -> int:
    from bot.cli import run

    return run.run(options.platform, options.shards)


def _ask(options: argparse.Namespace) -> int:
    from bot.cli import ask

    return asyncio.run(
        ask.answer(
            options.text,
            as_json=options.json,
            chart=options.chart,
            theme=options.theme,
            model=options.model,
        )
    )


def _check(_: argparse.Namespace) -> int:
    from bot.cli import check

    return asyncio.run(check.report())


def _invite(options: argparse.Namespace) -> int:
    from bot.cli import invite

    return invite.report_slack() if options.slack else invite.report()


def _health(_: argparse.Namespace) -> int:
    from bot.cli import health

    return health.report()


def _links(_: argparse.Namespace) -> int:
    from bot.cli import links

    return links.run()
