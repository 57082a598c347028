"""What is said in a chat that many people share, besides cards: settings, figures, manners."""

from collections.abc import Mapping
from typing import Final

from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.statistics import WorkspaceStats
from bot.texts.numbers import and_list, percent

ACTUALLY: Final = "It’s actually …"
"""Above the genres to choose from."""

TAKE_BACK: Final = "Take my choice back"
OPEN: Final = "Open in Spotify"
NOTHING_CHOSEN: Final = "You have chosen nothing here yet."
SWITCHED_OFF: Final = "I’m switched off in this channel. Whoever manages it can change that."
NO_STATS: Final = "Nobody has asked me anything here yet. Paste a Spotify track link?"

MODES: Final[Mapping[Mode, str]] = {
    Mode.AUTO: "I answer every Spotify track link",
    Mode.ON_REQUEST: "I answer only when I’m asked",
    Mode.OFF: "I’m silent",
}


def slow_down(seconds: float) -> str:
    """Ask for patience."""
    return f"That was quick! Give me {max(1, round(seconds))} seconds, then ask again."


def channel_busy(seconds: float) -> str:
    """Ask for patience where many ask at once."""
    return f"Many songs here at once! Give me {max(1, round(seconds))} seconds, then ask again."


def again(address: str) -> str:
    """Point at a card that was given a moment ago."""
    return f"I’ve just answered that one: {address}"


def settings(held: ChannelSettings, *, everywhere: bool) -> str:
    """Say what holds now, in a channel or `everywhere` in its workspace."""
    where = "Everywhere" if everywhere else "Here"
    reactions = "reactions are votes" if held.reactions else "reactions don’t count"
    model = f"model {held.model}" if held.model else "the usual model"
    rest = " Channels with settings of their own keep them." if everywhere else ""
    return f"{where} {MODES[held.mode]}; {reactions}; {model}.{rest}"


def heard(tally: Mapping[str, int]) -> str:
    """Say what people have said of a card so far; empty when nobody has."""
    if not tally:
        return ""
    return f"You say: {and_list(f'{genre} ({count})' for genre, count in tally.items())}."


def stats(found: WorkspaceStats) -> str:
    """Say what was asked and said in a workspace."""
    asked = f"{_count(found.tracks, 'track')} in {_count(found.answers, 'answer')}"
    lines = [f"{asked}. Most of them: {and_list(list(found.genres)[:3])}."]
    if not found.votes:
        return "\n".join([*lines, "No votes yet: react to a card, and I know how I do."])
    share = percent(found.agreed / found.votes)
    lines.append(
        f"You agreed with me in {found.agreed} of {_count(found.votes, 'vote')} ({share})."
    )
    if found.confused:
        pairs = (f"{said} for {meant} ({count})" for said, meant, count in found.confused[:3])
        lines.append(f"What I mix up: {and_list(pairs)}.")
    return "\n".join(lines)


def stats_alt(found: WorkspaceStats) -> str:
    """Describe the chart of a workspace for people who see no picture."""
    genres = ", ".join(f"{genre} {count}" for genre, count in found.genres.items())
    features = ", ".join(f"{name} {value:.2f}" for name, value in found.features.items())
    return f"Tracks by genre: {genres}. Means of their features: {features}."


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
