"""Command `sources`: print the state of each source of tracks, features and genres."""

import json
import logging
from collections.abc import Sequence
from typing import Any

import typer

from bot import texts
from bot.cli.terminal import print_state
from bot.domain.errors import EX_UNAVAILABLE, SoundslikeError, StartupError, StorageFailed
from bot.domain.source_states import SourceState
from bot.runtime import composition, log_setup, redaction, settings, source_clients
from bot.services.source_comparison import SourceAnswer, disagreements
from bot.texts import sources as words


async def report(text: str, *, as_json: bool) -> int:
    """Print the states, which running processes stored; return the exit code.

    With `text`, a link to a track or its name, ask each source about it first.
    """
    log_setup.configure(level=logging.ERROR)
    redact = redaction.redactor()
    answers: Sequence[SourceAnswer] = ()
    try:
        loaded = settings.load()
        redact = redaction.redactor(loaded)
        if text:
            async with composition.open_comparison(loaded) as comparison:
                answers = await comparison.compare(text)
        async with composition.stores(loaded) as opened:
            states = await source_clients.states(loaded, opened.ledger).all()
    except (StartupError, StorageFailed) as error:
        typer.echo(redact(str(error)), err=True)
        return error.exit_code if isinstance(error, StartupError) else EX_UNAVAILABLE
    except SoundslikeError as error:
        typer.echo(texts.failure(error, text), err=True)
        return 1
    if as_json:
        rows = [as_dict(state, answers if text else None) for state in states]
        print(json.dumps(rows, ensure_ascii=False))
    else:
        _print(states, answers)
    return 0


def _print(states: Sequence[SourceState], answers: Sequence[SourceAnswer]) -> None:
    for state in () if answers else states:
        print_state(state)
    for answer in answers:
        typer.echo(words.answer_line(answer.name, answer.values, answer.error))
    for found in disagreements(answers):
        line = words.disagreement(found.value, found.by_source, doubled=found.is_half_or_double)
        typer.secho(line, fg=typer.colors.YELLOW)


def as_dict(state: SourceState, answers: Sequence[SourceAnswer] | None) -> dict[str, Any]:
    """Return a state in the JSON shape of `sources --json`, which scripts rely on.

    With answers about a track, `values` is what the source says of it.
    """
    found = next((one for one in answers or () if one.name == state.name), None)
    values = {"values": dict(found.values) if found else {}}
    return {
        "name": state.name,
        "state": state.condition.value,
        "last_error": found.error if found and found.error else state.last_error,
        "budget_left": state.budget_left,
        **(values if answers is not None else {}),
    }
