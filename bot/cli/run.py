"""Command `run`: run the platforms until a signal arrives."""

import asyncio
import sys
from collections.abc import Sequence

from bot import texts
from bot.domain.errors import EX_CONFIG, SoundslikeError, StartupError
from bot.platforms.discord.shards import Shards
from bot.runtime import log_setup, process, redaction, settings
from bot.texts.addresses import what_to_do


def run(platforms: Sequence[str], shards: Shards | None, *, public: bool = False) -> int:
    """Run the named platforms, or the configured ones; return the exit code.

    With `public`, the web page is served to everyone.
    """
    redact = redaction.redactor()
    try:
        loaded = settings.load()
        redact = redaction.redactor(loaded)
        log_setup.configure(loaded)
        asyncio.run(process.run(loaded, platforms, _print_line, shards, public=public))
    except asyncio.CancelledError:
        return 0
    except SoundslikeError as error:
        print(redact(texts.startup_failure(error)), file=sys.stderr)
        return error.exit_code if isinstance(error, StartupError) else EX_CONFIG
    return 0


async def _print_line(line: str) -> None:
    print(line, flush=True)
    # Programs that start the bot read the lines; a person reads what to do, too.
    if sys.stdout.isatty() and (hint := what_to_do(line)):
        print(hint, flush=True)
