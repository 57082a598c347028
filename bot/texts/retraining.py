"""What the operator reads of trainings by the bot: log lines, the owner's channel, `learn`."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from bot.domain.sanitize import one_line
from bot.domain.statistics import biggest_changes
from bot.domain.trainings import Cause, TrainingRun, TrainingState
from bot.texts.learned import genre_change
from bot.texts.numbers import and_list, as_sentences, count_of
from model.gate_report import GateReport

MAX_REASON: Final = 300
"""Characters of a reason."""

MAX_REASONS: Final = 3
"""Reasons in a message."""

NOTHING_SCHEDULED: Final = (
    "Nothing is scheduled: set RETRAIN_AFTER (a number of corrections) or RETRAIN_AT (a time), "
    "or train once with --now"
)
NOT_SCHEDULED: Final = (
    "not scheduled; RETRAIN_AFTER or RETRAIN_AT let the model learn from people's votes"
)
INTERRUPTED: Final = "the process that trained ended"
STOPPED: Final = "the bot was stopped meanwhile"
LEASE_LOST: Final = "another process took over, as this one did not reach the database"
UNEXPECTED: Final = "an unexpected error, which the log has"
NO_OUTCOME: Final = "it ended without a result that can be read"
TOO_MUCH_OUTPUT: Final = "it printed more than a result"
TRAINS_ALREADY: Final = "Another process trains already; its result is in the log there"
PACKAGES_THERE: Final = "training's packages are installed"


def packages_missing(names: Sequence[str]) -> str:
    """Return that packages of training are not installed, and how to install them."""
    return (
        f"training's packages are not installed here ({and_list(names)}): install "
        "soundslike[train], or in a clone requirements.txt"
    )


def not_trained_here(names: Sequence[str]) -> str:
    """Return the log line of a bot that cannot train, although trainings are scheduled."""
    return f"retraining is left to another process (`soundslike learn`): {packages_missing(names)}"


def not_started(error: OSError) -> str:
    """Return that the training's process cannot be started."""
    return f"it cannot be started: {error.strerror or type(error).__name__}"


def too_long(minutes: float) -> str:
    """Return that a training was ended after its time."""
    return f"it took longer than {minutes:g} minutes (RETRAIN_MINUTES) and was ended"


def killed(signal: int) -> str:
    """Return that a training was ended from outside."""
    return (
        f"it was ended by signal {signal}, as systems do without enough memory "
        "(RETRAIN_MEMORY_MB is its limit)"
    )


def ended_with(code: int) -> str:
    """Return that a training ended with an exit code and without a sentence."""
    return f"it ended with exit code {code}"


def schedule(after: int, at: str | None, next_time: datetime | None) -> str:
    """Return when the model is retrained.

    Args:
        after: Number of corrections after which it is; 0 for never.
        at: The times, as RETRAIN_AT has them; None without.
        next_time: The next of them; None without.
    """
    parts = []
    if after:
        parts.append(f"after {count_of(after, 'new correction')} on which people agree")
    if at and next_time:
        parts.append(f"at {at} (UTC), next on {_time(next_time)}")
    return f"the model is retrained {' and '.join(parts)}"


def started(cause: Cause, model: str) -> str:
    """Return the log line for a training that starts."""
    why = {
        Cause.CORRECTIONS: "enough new corrections",
        Cause.TIME: "it is time",
        Cause.REQUEST: "as asked",
    }[cause]
    return f"retraining {model}: {why}"


def result(run: TrainingRun, report: GateReport | None = None) -> str:
    """Return what became of a training that has ended, for the log and the owner's channel.

    Args:
        run: The training.
        report: What the gate found on its version; None if it is not known.
    """
    if run.result is None:
        return f"{run.model} is being retrained."
    state, version = run.result.state, run.result.version
    reasons = _reasons(run.result.reasons)
    if state is TrainingState.FAILED:
        return _sentence("Retraining failed, and the model stays as it is", reasons)
    if state is TrainingState.BUSY:
        return f"{TRAINS_ALREADY}."
    if state is TrainingState.UNCHANGED:
        return f"Not retrained: {version} stays active. {as_sentences(reasons)}".rstrip()
    trained = f"Retrained{_on(report)}"
    if state is TrainingState.REJECTED:
        return _sentence(
            f"{trained}: {version} was rejected, and the model stays as it is", reasons
        )
    # The last reason of a candidate says what it waits for.
    waits = reasons[-1:] if state is TrainingState.CANDIDATE else []
    said = waits if report else reasons
    what = "is a candidate" if state is TrainingState.CANDIDATE else "is now active"
    line = f"{trained}: {version} {what}. {as_sentences(said)}".rstrip()
    changes = biggest_changes(report) if report else ()
    return f"{line} {'; '.join(map(genre_change, changes))}." if changes else line


def _on(report: GateReport | None) -> str:
    return f" on {count_of(report.corrections, 'correction')}" if report else ""


def _reasons(reasons: Iterable[str]) -> list[str]:
    return [line for reason in reasons if (line := one_line(reason, MAX_REASON).rstrip("."))]


def _sentence(text: str, reasons: Sequence[str]) -> str:
    left = len(reasons) - MAX_REASONS
    more = [f"and {left} more"] if left > 0 else []
    return f"{text}: {'; '.join([*reasons[:MAX_REASONS], *more])}." if reasons else f"{text}."


def _time(moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%B %Y at %H:%M}"


def store_failed(why: object) -> str:
    """Return the log line for a database that cannot be asked whether it is time."""
    return f"whether to retrain is not known now: {why}"


def store_unreadable(why: object) -> str:
    """Return the log line for a model store whose versions cannot be read."""
    reason = why if str(why) else "it takes too long"
    return f"the versions in the model store cannot be read now: {reason}"


def not_announced(why: object) -> str:
    """Return the log line for a result that could not be sent to the owner's channel yet."""
    return f"OWNER_CHANNEL: the result of a retraining was not sent, and is tried again: {why}"


def given_up(why: object) -> str:
    """Return the log line for a result that is not sent before the next start."""
    return f"OWNER_CHANNEL: the result of a retraining is not sent before the next start: {why}"


def channel_served(channel: str) -> str:
    """Return that results go to a channel."""
    return f"results of retraining go to {channel}"


def channel_not_served(channel: str, platform: str) -> str:
    """Return that the platform of the owner's channel is not configured."""
    return f"results cannot go to {channel}: {platform.capitalize()} is not set up"


def not_in_workspace(workspace: str) -> str:
    """Return that the app is not installed in the workspace of the owner's channel."""
    return f"the app is not installed in the workspace {workspace}"
