"""Builds the schedule of retraining from the settings, and runs it beside the platforms."""

import importlib.util
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final
from uuid import uuid4

from cronsim import CronSim

from bot.runtime.redaction import redactor
from bot.runtime.settings import Settings
from bot.runtime.training_process import TrainingProcess, command
from bot.services.retraining import NextTime, RetrainingService
from bot.storage.stores import Stores, utc_now
from bot.texts import retraining as words

PACKAGES: Final = ("jax", "onnx", "optax", "pandas", "sklearn")
"""Packages without which nothing is trained; soundslike[train] has them."""

_log = logging.getLogger(__name__)


def build(settings: Settings, stores: Stores) -> RetrainingService:
    """Return the schedule of a process."""
    trainer = TrainingProcess(
        command(settings.model, settings.retrain_memory_mb),
        settings.retrain_minutes,
        redactor(settings),
    )
    return RetrainingService(
        settings.model,
        trainer=trainer,
        trainings=stores.trainings,
        leases=stores.leases,
        owner=uuid4().hex,
        now=utc_now,
        after=settings.retrain_after,
        next_time=next_time(settings),
        announces=settings.owner_place is not None,
    )


def next_time(settings: Settings) -> NextTime | None:
    """Return the times of RETRAIN_AT, in UTC; None if it is not set."""
    expression = settings.retrain_at
    if expression is None:
        return None

    def after(moment: datetime) -> datetime:
        return next(CronSim(expression, moment))

    return after


def describe(settings: Settings, now: datetime) -> str:
    """Return when the model is retrained, of settings with which it is."""
    times = next_time(settings)
    return words.schedule(
        settings.retrain_after, settings.retrain_at, times(now) if times else None
    )


def missing_packages() -> list[str]:
    """Return the packages of training that are not installed; they are not imported."""
    return [name for name in PACKAGES if importlib.util.find_spec(name) is None]


@asynccontextmanager
async def scheduled(settings: Settings, retraining: RetrainingService) -> AsyncIterator[None]:
    """Retrain when it is due until the block ends, if the settings say so and training can run."""
    if not settings.retrains:
        yield
    elif missing := missing_packages():
        _log.warning("%s", words.not_trained_here(missing))
        yield
    else:
        _log.info("%s", describe(settings, utc_now()))
        async with retraining.running():
            yield
