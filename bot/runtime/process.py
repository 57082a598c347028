"""Runs the bot: starts the platforms, handles signals, stops in order."""

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from bot.domain.errors import SoundslikeError, stack_of
from bot.platforms.discord.shards import Shards
from bot.runtime import descriptors, ephemeral_disk, file_modes
from bot.runtime.composition import open_services
from bot.runtime.health import heartbeat
from bot.runtime.platforms import platforms
from bot.runtime.retraining import scheduled
from bot.runtime.settings import Settings
from bot.runtime.supervisor import Supervisor
from bot.services.services import NotifyReady, Services
from bot.texts import operator
from model import folders

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
HANGUP: Final = getattr(signal, "SIGHUP", None)
"""Reloads the models, as is usual for services. In a terminal it stops the bot: it then means that
the terminal was closed. Windows has no such signal.
"""

_log = logging.getLogger(__name__)


async def run(
    settings: Settings,
    names: Sequence[str],
    notify_ready: NotifyReady,
    shards: Shards | None = None,
    *,
    public: bool = False,
) -> None:
    """Run platforms until SIGINT or SIGTERM; handle SIGHUP as `HANGUP` says.

    Args:
        settings: The settings.
        names: Names of the platforms; those that are configured if empty.
        notify_ready: Called with one line for the operator by each platform that is ready.
        shards: Part of a large Discord bot that this process runs.
        public: Whether the web page is served to everyone; if False, the setting PUBLIC decides.

    Raises:
        SoundslikeError: A platform cannot start.
    """
    selected = platforms(settings, names, shards, public=public)
    asyncio.get_running_loop().set_exception_handler(_log_unhandled)
    descriptors.raise_limit()
    cancel_on_signals()
    _warn_of_files(settings)
    async with (
        open_services(settings) as opened,
        opened.running(),
        scheduled(settings, opened.retraining),
        heartbeat(
            settings.heartbeat_file,
            len(selected),
            notify_ready,
            required=settings.health_file is not None,
        ) as platform_ready,
    ):
        # A full collection over the objects created so far would block the loop for 60 ms.
        gc.freeze()
        if HANGUP is not None and not _in_terminal():
            _on_signal(HANGUP, opened.watch.check_soon)
        try:
            await Supervisor(selected, opened.services, platform_ready).run()
        finally:
            await _report_backlog(opened.services, notify_ready)


def _warn_of_files(settings: Settings) -> None:
    """Warn of data that a restart deletes, and of files that other accounts can read."""
    for warning in (
        ephemeral_disk.warning(settings, os.environ),
        file_modes.warning(settings, folders.settings_file()),
    ):
        if warning:
            _log.warning(warning)


def cancel_on_signals() -> None:
    """Cancel the current task once on a signal to stop, so that everything closes in order."""
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("no task is running")

    def cancel() -> None:
        if not task.cancelling():
            task.cancel()

    hangup = [HANGUP] if HANGUP is not None and _in_terminal() else []
    for name in (*STOP_SIGNALS, *hangup):
        _on_signal(name, cancel)


def _on_signal(name: signal.Signals, action: Callable[[], object]) -> None:
    """Call `action` in the event loop after a signal, on Windows too."""
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(name, action)
    except NotImplementedError:  # Windows
        signal.signal(name, lambda *_: loop.call_soon_threadsafe(action))


def _in_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _log_unhandled(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log an exception of a task that was not awaited, without its message.

    The message may contain a user's text.
    """
    error = context.get("exception")
    # Without an exception it is a warning of asyncio, such as for an unclosed transport.
    text = stack_of(error) if error else str(context.get("message"))
    _log.error("unhandled failure: %s", text)


async def _report_backlog(services: Services, notify: NotifyReady) -> None:
    """Say how many accepted deliveries the next start will answer, if there are any."""
    try:
        if waiting := await services.inbox.backlog():
            await notify(operator.deliveries_wait(waiting))
    except SoundslikeError as error:
        _log.warning("%s", error)
