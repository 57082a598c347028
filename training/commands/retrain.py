"""Command `retrain`: retrains the active model of a deployment."""

import sys
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from model.errors import ModelError
from training import deployment
from training.deployment import Deployment
from training.errors import CannotRetrain, TrainingError
from training.retrain import limits
from training.retrain.outcome import Outcome, failure_json
from training.sentences import sentence_of

LEFT_OUT_ONCE: Final = (
    "These votes are left out of this training alone; the next one learns from them again unless "
    "they are deleted (/forget-me)."
)


@dataclass(frozen=True, slots=True)
class Options:
    """Options of the command (see `training.retrain_cli`)."""

    data: Path | None
    feedback: str | None
    store: str | None
    model: str | None
    seed: int
    voters: frozenset[str]
    workspaces: frozenset[str]
    since: datetime | None
    until: datetime | None
    max_memory_mb: int | None
    from_base: bool
    hold_after_rollback: bool
    json: bool
    low_priority: bool


def run(options: Options) -> int:
    """Retrain, print the outcome, and return the exit code.

    Raises:
        TrainingError: It cannot be done; the active version stays.
        ModelError: As above.
    """
    try:
        outcome = _bounded(options)
    except (TrainingError, ModelError, ModuleNotFoundError) as error:
        if options.json:
            print(failure_json(sentence_of(error)), flush=True)
        raise
    if options.voters or options.workspaces or options.since or options.until:
        print(LEFT_OUT_ONCE, file=sys.stderr, flush=True)
    if options.json:
        print(outcome.to_json(), flush=True)
    else:
        if outcome.version:
            print(f"{outcome.version}: {outcome.state}")
        for reason in outcome.reasons:
            print(reason)
    return outcome.exit_code


def _bounded(options: Options) -> Outcome:
    """Retrain with the priority and memory that the options allow, if no other process does."""
    if options.low_priority:
        limits.lower_priority()
    if options.max_memory_mb:
        limits.limit_memory(options.max_memory_mb)
    place = _place(options)
    with limits.ended_in_order(), limits.alone(place.local.parent):
        return _outcome(place, options)


def _place(options: Options) -> Deployment:
    """Return the deployment, with what the options name in place of its settings."""
    found = deployment.load()
    return replace(
        found,
        database=options.feedback or found.database,
        store=options.store or found.store,
        model=options.model or found.model,
    )


def _outcome(place: Deployment, options: Options) -> Outcome:
    """Retrain; raises CannotRetrain for a lack of memory or disk, too."""
    try:
        from training.feedback.reading import Exclusion
        from training.retrain.request import Request
        from training.retrain.retrain import retrain

        return retrain(
            place,
            Request(
                name=place.model,
                seed=options.seed,
                data=options.data,
                exclusion=Exclusion(
                    options.voters, options.workspaces, options.since, options.until
                ),
                from_base=options.from_base,
                hold_after_rollback=options.hold_after_rollback,
            ),
            lambda line: print(line, file=sys.stderr if options.json else sys.stdout, flush=True),
        )
    except MemoryError:
        raise CannotRetrain(_too_little(options)) from None
    except RuntimeError as error:  # of XLA, which has no MemoryError
        if "RESOURCE_EXHAUSTED" not in str(error):
            raise
        raise CannotRetrain(_too_little(options)) from None
    except OSError as error:
        file = f"{error.filename}: " if error.filename else ""
        raise CannotRetrain(f"{file}{error.strerror or error}") from error


def _too_little(options: Options) -> str:
    limit = f" of {options.max_memory_mb} MB" if options.max_memory_mb else ""
    return f"retraining needs more memory than the limit{limit}; the active model stays"
