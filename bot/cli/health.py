"""`python -m bot health`: is the bot of this machine alive? For a container's health check."""

import time

from bot.domain.errors import ConfigurationError
from bot.runtime import health, settings
from bot.texts import operator


def report() -> int:
    """Return 0 while the bot gives a sign of life in HEALTH_FILE, else 1 and one line saying so."""
    try:
        file = settings.load().health_file
    except ConfigurationError as error:
        print(error)
        return 1
    if file is None:
        print(operator.NO_HEALTH_FILE)
        return 1
    if not health.is_fresh(file, time.time()):
        print(operator.no_sign_of_life(file))
        return 1
    return 0
