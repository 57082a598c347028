"""What the commands `models` share: settings, the model store, and failures as one sentence."""

import logging
from collections.abc import Awaitable, Callable

import typer

from bot.domain.errors import EX_UNAVAILABLE, StartupError, StorageFailed
from bot.runtime import log_setup, redaction, settings
from bot.runtime.model_versions import AsyncVersions
from bot.runtime.settings import Settings
from bot.texts import model_versions as words
from model.errors import ModelError


async def run(work: Callable[[Settings, AsyncVersions], Awaitable[int]]) -> int:
    """Do the work of a command, given settings and versions; return the exit code.

    What is skipped in the store, and a failure, are printed to standard error. It is 1 if the store
    or a version cannot be used, 69 without a database, 78 if a setting is wrong.
    """
    log_setup.configure(level=logging.ERROR)
    redact = redaction.redactor()
    noted: set[str] = set()

    def note(sentence: str) -> None:
        if sentence not in noted:
            noted.add(sentence)
            typer.echo(redact(words.skipped(sentence)), err=True)

    store = ""
    try:
        loaded = settings.load()
        redact = redaction.redactor(loaded)
        versions = AsyncVersions(loaded, note)
        store = versions.store
        return await work(loaded, versions)
    except (StartupError, StorageFailed) as error:
        typer.echo(redact(str(error)), err=True)
        return error.exit_code if isinstance(error, StartupError) else EX_UNAVAILABLE
    except ModelError as error:
        typer.echo(redact(str(error)), err=True)
    except TimeoutError:
        typer.echo(words.too_slow(store), err=True)
    return 1
