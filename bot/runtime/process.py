"""Runs the bot: starts the platforms, handles signals, stops in order."""

import asyncio
import gc
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from bot.domain.errors import ModelUnusable, SoundslikeError
from bot.platforms.discord.shards import Shards
from bot.runtime import ephemeral_disk
from bot.runtime.composition import open_services, platforms
from bot.runtime.health import heartbeat
from bot.runtime.settings import Settings
from bot.services.model_registry import LazyModelRegistry
from bot.services.services import NotifyReady

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
RELOAD_SIGNAL: Final = getattr(signal, "SIGHUP", None)
"""Reloads the models; Windows has no such signal."""

_log = logging.getLogger(__name__)


async def run(
    settings: Settings,
    names: Sequence[str],
    notify_ready: NotifyReady,
    shards: Shards | None = None,
) -> None:
    """Run platforms until SIGINT or SIGTERM; reload the models on SIGHUP.

    Args:
        settings: The settings.
        names: Names of the platforms; those that are configured if empty.
        notify_ready: Called with one line for the operator by each platform that is ready.
        shards: Part of a large Discord bot that this process runs.

    Raises:
        SoundslikeError: A platform cannot start.
    """
    selected = platforms(settings, names, shards)
    cancel_on_signals()
    if warning := ephemeral_disk.warning(settings, os.environ):
        _log.warning(warning)
    async with (
        open_services(settings) as opened,
        heartbeat(settings.health_file, len(selected), notify_ready) as platform_ready,
    ):
        # A full collection over the objects created so far would block the loop for 60 ms.
        gc.freeze()
        try:
            async with asyncio.TaskGroup() as group:
                _reload_on_signal(opened.models, group)
                for platform in selected:
                    group.create_task(platform.run(opened.services, platform_ready))
        except* SoundslikeError as failures:
            raise failures.exceptions[0] from None


def cancel_on_signals() -> None:
    """Cancel the current task once on SIGINT or SIGTERM, so that everything closes in order."""
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("no task is running")

    def cancel() -> None:
        if not task.cancelling():
            task.cancel()

    for name in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(name, cancel)


def _reload_on_signal(models: LazyModelRegistry, group: asyncio.TaskGroup) -> None:
    if RELOAD_SIGNAL is not None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(RELOAD_SIGNAL, lambda: group.create_task(_reload(models.reload)))


async def _reload(reload: Callable[[], Awaitable[object]]) -> None:
    try:
        await reload()
    except ModelUnusable as error:
        _log.error("models not reloaded: %s", error)
