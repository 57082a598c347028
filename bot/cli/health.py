"""Command `health`: whether the bot on this machine is running, as an exit code."""

import time

from bot.domain.errors import ConfigurationError
from bot.runtime import health, settings
from bot.texts import operator


def report() -> int:
    """Print one line; return 0 if the heartbeat file is fresh, else 1."""
    try:
        file = settings.load().heartbeat_file
    except ConfigurationError as error:
        print(error)
        return 1
    if not health.is_fresh(file, time.time()):
        print(operator.no_heartbeat(file.absolute()))
        return 1
    print(operator.alive(file.absolute()))
    return 0
