"""Findings of `check` about retraining: schedule, training's packages, shadow, owner's channel."""

from collections.abc import Iterator

from bot.runtime import retraining
from bot.runtime.settings import Settings
from bot.storage.stores import utc_now
from bot.texts import retraining as words
from bot.texts import shadow


def findings(loaded: Settings) -> Iterator[tuple[str, bool | None]]:
    """Yield sentences, each with True, or None for what is optional or may be elsewhere."""
    if not loaded.retrains:
        yield words.NOT_SCHEDULED, None
    else:
        yield retraining.describe(loaded, utc_now()), True
        if missing := retraining.missing_packages():
            yield words.not_trained_here(missing), None
        else:
            yield words.PACKAGES_THERE, True
    if loaded.shadow_hours and not loaded.model_check_seconds:
        yield shadow.NOT_WATCHED, None
    place = loaded.owner_place
    if place and loaded.owner_channel:
        if place.platform in loaded.configured:
            yield words.channel_served(loaded.owner_channel), True
        else:
            yield words.channel_not_served(loaded.owner_channel, place.platform), None
