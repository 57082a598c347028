"""The verbs of `python -m bot`. Heavy imports stay inside the verbs that need them."""

import argparse
import asyncio
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import texts
from bot.domain import links
from bot.domain.errors import EX_CONFIG, SoundslikeError, StartupError
from bot.platforms.discord.shards import Shards

INTERRUPTED = 130
"""What a shell reports of a command that Ctrl-C ended."""


def main(arguments: Sequence[str]) -> int:
    """Run one verb; returns the exit code."""
    # A name server that never answers would hold a thread, and with it the exit, for 20 s.
    os.environ.setdefault("RES_OPTIONS", "timeout:2 attempts:1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no "✓" still gets the rest
    options = _parser().parse_args(arguments)
    verb: Any = options.verb
    try:
        code = int(verb(options))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:  # whoever read our output is gone, or its disk is full
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        print(texts.output_lost(error), file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="What a song sounds like.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    run = verbs.add_parser("run", help="run the bot where its secrets are set, else a local chat")
    run.add_argument(
        "--platform",
        action="extend",
        nargs="+",
        choices=("local", "discord", "slack"),
        default=[],
        help="run just these",
    )
    run.add_argument(
        "--shards",
        type=Shards.parse,
        metavar="FIRST-LAST/COUNT",
        help="run a part of a Discord bot, such as 0-3/16",
    )
    run.set_defaults(verb=_run)

    ask = verbs.add_parser("ask", help="answer once, in the terminal")
    ask.add_argument("text", metavar="TEXT", help="a Spotify link or “song - artist”")
    ask.add_argument("--json", action="store_true", help="answer as one JSON object")
    ask.add_argument("--chart", type=Path, metavar="FILE", help="write the chart there, a PNG")
    ask.add_argument("--theme", choices=("dark", "light"), default="dark", help="of the chart")
    ask.add_argument("--model", metavar="NAME", help="another model than MODEL says")
    ask.set_defaults(verb=_ask)

    check = verbs.add_parser("check", help="say what is configured and what is missing")
    check.set_defaults(verb=_check)

    invite = verbs.add_parser("invite", help="print the links that add the bot to a server")
    invite.add_argument("--slack", action="store_true", help="the link that makes a Slack app")
    invite.set_defaults(verb=_invite)

    health = verbs.add_parser("health", help="say whether the bot on this machine is alive")
    health.set_defaults(verb=_health)

    found = verbs.add_parser("links", help="find the links in each line of standard input")
    found.set_defaults(verb=_links)
    return parser


def _run(options: argparse.Namespace) -> int:
    from bot.runtime import composition, log_setup, settings

    try:
        known = settings.load()
        log_setup.configure(known)
        asyncio.run(composition.run(known, options.platform, _announce, options.shards))
    except asyncio.CancelledError:
        return 0
    except SoundslikeError as error:
        print(texts.refusal(error), file=sys.stderr)
        return error.exit_code if isinstance(error, StartupError) else EX_CONFIG
    return 0


async def _announce(line: str) -> None:
    print(line, flush=True)


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
    for line in sys.stdin.buffer if sys.stdin else ():
        found = links.find(line.decode("utf-8", errors="replace"))
        others = [{"kind": link.kind, "id": link.id} for link in found.others]
        row = {"tracks": found.tracks, "others": others, "short": found.short}
        print(json.dumps(row), flush=True)
    return 0
