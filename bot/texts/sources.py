"""States of the sources, for the operator."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.domain.source_states import Condition, SourceState
from bot.texts.numbers import LABELS, format_feature

NAME_WIDTH: Final = 20
"""Characters of the column with names; the longest name has 17."""

STATE_WIDTH: Final = 8

NEEDS: Final[Mapping[str, str]] = {
    "spotify": "SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET",
    "lastfm": "LASTFM_API_KEY",
    "discogs": "DISCOGS_TOKEN",
}
"""Settings without which a source is off."""

NO_CONTACT: Final = (
    "CONTACT is not set: MusicBrainz and ListenBrainz may refuse a bot without one. Set it to your "
    "e-mail address or web page"
)
CONTACT_SET: Final = "CONTACT is sent to the sources as the way to reach you"


def state_line(state: SourceState) -> str:
    """Return a line about a source: its name, its state, and details in words."""
    head = f"{state.name:<{NAME_WIDTH}}{state.condition.value:<{STATE_WIDTH}}"
    return f"{head} {'; '.join(_details(state))}".rstrip()


def _details(state: SourceState) -> list[str]:
    details = []
    if state.condition is Condition.OFF and state.last_error is None and state.name in NEEDS:
        details.append(f"needs {NEEDS[state.name]}")
    if state.condition is Condition.WAITING and state.until:
        details.append(f"until {_time(state.until)}")
    if state.budget_left is not None:
        details.append(f"{state.budget_left} calls left of this day")
    if state.last_error:
        when = f" ({_time(state.failed_at)})" if state.failed_at else ""
        details.append(f"last error: {state.last_error}{when}")
    return details


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def answer_line(name: str, values: Mapping[str, object], error: str | None) -> str:
    """Return what a source says of a track: names, features and tags, or why it says nothing."""
    head = f"{name:<{NAME_WIDTH}}"
    if error:
        return f"{head}could not be asked: {error}"
    if not values:
        return f"{head}does not know it"
    return f"{head}{', '.join(f'{key} {_value(key, value)}' for key, value in values.items())}"


def disagreement(value: str, by_source: Mapping[str, float], *, doubled: bool) -> str:
    """Return in which value sources differ; `doubled` tells that a tempo is half or double."""
    each = ", ".join(f"{name} {_value(value, number)}" for name, number in by_source.items())
    return f"They disagree about the {value}: {each}{' (half or double)' if doubled else ''}."


def _value(name: str, value: object) -> str:
    if isinstance(value, list | tuple):
        return "/".join(map(str, value))
    if isinstance(value, int | float) and name in LABELS:
        return format_feature(name, value)
    return str(value)
