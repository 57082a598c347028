"""Command `models why`: print where a version comes from, and why it is what it is."""

from contextlib import suppress

from bot.cli import model_store
from bot.cli.terminal import print_wrapped
from bot.runtime.model_versions import AsyncVersions
from bot.runtime.settings import Settings
from bot.texts import model_versions as words
from model.errors import BundleInvalid
from model.versions import Versions


async def report(version: str, model: str | None) -> int:
    """Print what is known of a version; return the exit code."""

    async def work(_: Settings, versions: AsyncVersions) -> int:
        print_wrapped(await versions.ask(lambda opened: lines(opened, version, model)))
        return 0

    return await model_store.run(work)


def lines(versions: Versions, version: str, model: str | None) -> list[str]:
    """Return the lines about a version; raises BundleError."""
    entry = versions.find(version, model)
    found = [words.state_line(entry)]
    with suppress(BundleInvalid):  # `find` has reported that it cannot be read
        if lineage := versions.metadata(entry.name, version).lineage:
            found.append(words.lineage_line(lineage))
    try:
        report_ = versions.report(entry.name, version)
    except BundleInvalid as error:
        found.append(words.capital(error))
    else:
        found += words.gate_lines(report_) if report_ else [words.NO_REPORT]
    events = versions.history(entry.name, version)
    return [*found, *(words.event_lines(events) or [words.NO_EVENTS])]
