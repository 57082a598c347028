"""Command `learn`: retrain the model when it is due, until a signal arrives."""

import asyncio
import sys

from bot import texts
from bot.domain.errors import SoundslikeError
from bot.domain.trainings import TrainingState
from bot.runtime import composition, log_setup, process, redaction, retraining, settings
from bot.runtime.settings import Settings
from bot.storage.stores import utc_now
from bot.texts import retraining as words
from model.lifecycle import EXIT_REJECTED

EXIT_FAILED = 1


def run(*, now: bool = False) -> int:
    """Run the schedule, or with `now` train once at once; return the exit code."""
    redact = redaction.redactor()
    try:
        loaded = settings.load()
        redact = redaction.redactor(loaded)
        log_setup.configure(loaded)
        return asyncio.run(_learn(loaded, now=now))
    except asyncio.CancelledError:
        return 0
    except SoundslikeError as error:
        print(redact(texts.startup_failure(error)), file=sys.stderr)
        return EXIT_FAILED


async def _learn(loaded: Settings, *, now: bool) -> int:
    problem = None
    if missing := retraining.missing_packages():
        problem = words.packages_missing(missing)
    elif not (now or loaded.retrains):
        problem = words.NOTHING_SCHEDULED
    if problem:
        print(f"{problem}.", file=sys.stderr)
        return EXIT_FAILED
    process.cancel_on_signals()
    async with composition.stores(loaded) as stores:
        service = retraining.build(loaded, stores)
        if not now:
            print(f"Learning: {retraining.describe(loaded, utc_now())}.", flush=True)
            await service.run()
        run = await service.train_now()
    if run is None or run.result is None:
        print(f"{words.TRAINS_ALREADY}.", file=sys.stderr)
        return EXIT_FAILED
    print(words.result(run), flush=True)
    exits = {TrainingState.FAILED: EXIT_FAILED, TrainingState.REJECTED: EXIT_REJECTED}
    return exits.get(run.result.state, 0)
