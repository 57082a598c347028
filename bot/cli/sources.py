"""Command `sources`: print the state of each source of tracks, features and genres."""

import json
from typing import Any

import typer

from bot.cli.terminal import print_state
from bot.domain.errors import EX_UNAVAILABLE, StartupError, StorageFailed
from bot.domain.source_states import SourceState
from bot.runtime import composition, redaction, settings, source_clients


async def report(*, as_json: bool) -> int:
    """Print the states, which running processes stored; return the exit code."""
    redact = redaction.redactor()
    try:
        loaded = settings.load()
        redact = redaction.redactor(loaded)
        async with composition.stores(loaded) as opened:
            states = await source_clients.states(loaded, opened.ledger).all()
    except (StartupError, StorageFailed) as error:
        typer.echo(redact(str(error)), err=True)
        return error.exit_code if isinstance(error, StartupError) else EX_UNAVAILABLE
    if as_json:
        print(json.dumps([as_dict(state) for state in states], ensure_ascii=False))
        return 0
    for state in states:
        print_state(state)
    return 0


def as_dict(state: SourceState) -> dict[str, Any]:
    """Return a state in the JSON shape of `sources --json`, which scripts rely on."""
    return {
        "name": state.name,
        "state": state.condition.value,
        "last_error": state.last_error,
        "budget_left": state.budget_left,
    }
