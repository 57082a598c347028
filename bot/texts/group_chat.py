"""Texts for group chats: channel settings, statistics, rate limits, menu labels."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.filing import Agreement
from bot.domain.statistics import Learning, WorkspaceStats
from bot.texts.learned import learning
from bot.texts.numbers import and_list, percent

ACTUALLY: Final = "It's actually …"
"""Placeholder of the genre menu."""

TAKE_BACK: Final = "Take my vote back"
SWITCHED_OFF: Final = "I'm switched off in this channel. Those who manage it can change that."
QUIET: Final = "I'm quiet in this channel. Ask me by a command, and only you see my answer."
NO_STATS: Final = "I have answered nothing here yet. Paste a link to a song?"

PREVIEWS_REMOVED: Final = "Discord's previews of answered links are removed"

MODES: Final[Mapping[Mode, str]] = {
    Mode.AUTO: "I answer every link to a song and every sound file",
    Mode.ON_REQUEST: "I answer only when I'm asked",
    Mode.QUIET: "I answer commands only, and only for the person who asks",
    Mode.OFF: "I'm silent",
}


def slow_down(seconds: float) -> str:
    """Return the reply to a user over the rate limit, who must wait `seconds`."""
    return f"That was quick! Give me {max(1, round(seconds))} seconds, then ask again."


def channel_busy(seconds: float) -> str:
    """Return the reply in a channel over its rate limit."""
    return f"Many songs here at once! Give me {max(1, round(seconds))} seconds, then ask again."


ANSWER_WAITING: Final = "Answer them"
"""Label of the button that answers the links that wait."""


def waiting(count: int) -> str:
    """Return how many messages wait in a channel; 0 after they are released or too old."""
    if not count:
        return "No message waits here any more."
    if count == 1:
        return "Many songs here at once! 1 message waits; press the button, and I answer it."
    return f"Many songs here at once! {count:,} messages wait; press the button, and I answer them."


def already_answered(address: str) -> str:
    """Return a pointer to an earlier card for the same track; `address` is its link."""
    return f"I've answered that one already: {address}"


def settings(current: ChannelSettings, *, everywhere: bool) -> str:
    """Return a summary of the settings of a channel, or with `everywhere` of its workspace."""
    where = "Everywhere" if everywhere else "Here"
    reactions = "reactions are votes" if current.reactions else "reactions don't count"
    model = f"model {current.model}" if current.model else "the usual model"
    roles = (
        f"; {_count(len(current.ignored_roles), 'role')} ignored" if current.ignored_roles else ""
    )
    previews = f"; {PREVIEWS_REMOVED}" if current.removes_previews else ""
    rest = " Channels with settings of their own keep them." if everywhere else ""
    return f"{where} {MODES[current.mode]}; {reactions}; {model}{roles}{previews}.{rest}"


def vote_tally(tally: Mapping[str, int]) -> str:
    """Return how the votes on a card are split, as in "5 say country, 2 hip-hop"; may be empty."""
    if not tally:
        return ""
    (first, count), *others = tally.items()
    say = "says" if count == 1 else "say"
    return ", ".join([f"{count} {say} {first}", *(f"{n} {genre}" for genre, n in others)]) + "."


def no_stats(learned: Learning | None) -> str:
    """Return what a workspace without answers reads, with what is known of the model."""
    return "\n".join([NO_STATS, *(learning(learned) if learned else ())])


def stats(workspace: WorkspaceStats) -> str:
    """Return a workspace's statistics in sentences, a line for each subject."""
    return "\n".join(_stats(workspace))


def _stats(workspace: WorkspaceStats) -> Iterator[str]:
    asked = f"{_count(workspace.tracks, 'track')} in {_count(workspace.answers, 'answer')}"
    yield f"{asked}. Most of them: {and_list(list(workspace.genres)[:3])}."
    if workspace.filed:
        yield _filed(workspace)
    if workspace.votes:
        votes, share = _count(workspace.votes, "vote"), percent(workspace.agreed / workspace.votes)
        yield f"You agreed with me in {workspace.agreed} of {votes} ({share})."
    else:
        yield "No votes yet: react to a card, and I know how I do."
    if workspace.confused:
        pairs = (
            f"{predicted} for {voted} ({count})"
            for predicted, voted, count in workspace.confused[:3]
        )
        yield f"What I mix up: {and_list(pairs)}."
    if workspace.learning:
        yield from learning(workspace.learning)


def _filed(workspace: WorkspaceStats) -> str:
    """Return on how many tracks sound and filed genre agree, and where they do not."""
    counts = workspace.filed
    agree, partly = counts.get(Agreement.AGREES, 0), counts.get(Agreement.PARTLY, 0)
    songs = f"{agree:,} of {_count(sum(counts.values()), 'song')}"
    text = f"Sound and filed genre agree on {songs}"
    if partly:
        text += f" and partly on {partly:,}"
    pairs = [
        f"{filed}, sounds like {predicted} ({count:,})"
        for filed, predicted, count in workspace.apart[:3]
    ]
    return f"{text}; most often apart: {'; '.join(pairs)}." if pairs else f"{text}."


def stats_alt(workspace: WorkspaceStats) -> str:
    """Return the alternative text of a workspace's chart."""
    genres = ", ".join(f"{genre} {count}" for genre, count in workspace.genres.items())
    features = ", ".join(f"{name} {value:.2f}" for name, value in workspace.features.items())
    means = f" Means of their features: {features}." if features else ""
    return f"Tracks by genre: {genres}.{means}"


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
