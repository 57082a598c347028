"""`python -m bot health`: exit code for a container's health check."""

import time

from bot.domain.errors import ConfigurationError
from bot.runtime import health, settings
from bot.texts import operator


def report() -> int:
    """Return 0 if the heartbeat file is fresh; else print the reason and return 1."""
    try:
        file = settings.load().health_file
    except ConfigurationError as error:
        print(error)
        return 1
    if file is None:
        print(operator.HEALTH_FILE_NOT_SET)
        return 1
    if not health.is_fresh(file, time.time()):
        print(operator.no_heartbeat(file))
        return 1
    return 0
