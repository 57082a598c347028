"""States of the sources, for the operator."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.domain.source_states import Condition, SourceState

NAME_WIDTH: Final = 18
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
