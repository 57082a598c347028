"""Commands `models promote` and `models rollback`: move the pointer, then ask the running bots."""

import asyncio
import time
from collections.abc import Mapping
from functools import partial
from typing import Final

import typer

from bot.cli import model_store
from bot.cli.terminal import ProgressLine
from bot.domain.errors import StorageFailed
from bot.runtime import composition, self_test
from bot.runtime.model_versions import MOVE_SECONDS, AsyncVersions
from bot.runtime.settings import Settings
from bot.services.served_models import wait_until_served
from bot.storage.stores import utc_now
from bot.texts import model_versions as words
from model.classifier import Classifier
from model.lifecycle import State, VersionEntry
from model.versions import Versions

PROMOTE: Final = "promote"
"""Who moved a version, in its events."""

SWAP_SECONDS: Final = 30.0
MAX_WAIT_SECONDS: Final = 300.0
"""Time that bots have to fetch and test a version, and longest time that is waited for them."""


async def promote(version: str, model: str | None, *, force: bool, wait: bool) -> int:
    """Make a version the active one; return the exit code.

    It is 1, and nothing is moved, if the version was rejected or did not pass the gate, without
    `force`. With `wait`, it is also 1 if running bots do not serve the version in time.
    """

    async def work(settings: Settings, versions: AsyncVersions) -> int:
        entry = await versions.ask(lambda opened: opened.find(version, model))
        if entry.state is State.ACTIVE:
            typer.echo(words.is_active_already(entry.name, version))
            return await _ask_bots(settings, versions, entry.name, version) if wait else 0
        problem = await versions.ask(partial(_problem, entry))
        if problem and not force:
            typer.echo(problem, err=True)
            return 1
        reasons = (words.FORCED,) if problem else ()
        event = await versions.ask(
            lambda opened: opened.promote(entry.name, version, PROMOTE, reasons), MOVE_SECONDS
        )
        typer.echo(words.moved(event))
        return await _ask_bots(settings, versions, entry.name, version) if wait else 0

    return await model_store.run(work)


async def rollback(model: str | None, *, wait: bool) -> int:
    """Go back to the version that was active before; return the exit code.

    With `wait`, it is 1 if running bots do not serve that version in time.
    """

    async def work(settings: Settings, versions: AsyncVersions) -> int:
        name = model or settings.model
        event = await versions.ask(lambda opened: opened.rollback(name), MOVE_SECONDS)
        typer.echo(words.moved(event))
        if not wait:
            return 0
        return await _ask_bots(settings, versions, name, event.version, went_back=True)

    return await model_store.run(work)


def _problem(entry: VersionEntry, versions: Versions) -> str | None:
    """Return why a version is promoted with --force alone; None if it is not so."""
    if entry.state is State.REJECTED:
        return words.was_rejected(entry)
    report = versions.report(entry.name, entry.version)
    return words.did_not_pass(entry, report) if report and not report.passed else None


async def _ask_bots(
    settings: Settings, versions: AsyncVersions, name: str, version: str, *, went_back: bool = False
) -> int:
    """Wait until all running bots serve a version; print what they serve; return the exit code."""
    timeout = min(2 * settings.model_check_seconds + SWAP_SECONDS, MAX_WAIT_SECONDS)
    if not settings.model_check_seconds:
        typer.echo(words.NOT_WATCHED)
        timeout = 0
    answer = await versions.ask(partial(_answer, settings, name, version))
    line, started = ProgressLine(), time.monotonic()

    async def sleep(seconds: float) -> None:
        await line.show(words.waiting(time.monotonic() - started))
        await asyncio.sleep(seconds)

    try:
        async with composition.stores(settings) as stores:
            report = await wait_until_served(
                stores.served_models, name, version,
                now=utc_now, timeout=timeout, answer=answer, sleep=sleep,
            )  # fmt: skip
    except StorageFailed as error:
        typer.echo(words.not_asked(version, error), err=True)
        return 1
    finally:
        await line.clear()
    for one in report.silent:
        age = (utc_now() - one.at).total_seconds()
        typer.echo(words.silent(one.process, one.version, age))
    if report.stale:
        stale = {one.process: one.version for one in report.stale}
        typer.echo(words.not_served(version, stale, went_back=went_back), err=True)
        return 1
    served = [one.process for one in report.served]
    typer.echo(words.served(version, served) if served else words.no_bot(name))
    return 0


def _answer(settings: Settings, name: str, version: str, versions: Versions) -> Mapping[str, float]:
    """Return what a version answers to a known song: probability by genre, 0-1."""
    bundle = versions.bundle(name, version)
    return self_test.answer(Classifier(bundle, settings.genre_prior))
