"""Sentences of the commands `models`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from bot.texts.numbers import and_list, as_sentences, capitalise, count_of, percent
from model.lifecycle import Event, State, VersionEntry

if TYPE_CHECKING:
    from model.bundle import Lineage
    from model.gate_report import GateReport

HELP: Final = "List and compare the versions of the models; promote one or go back."
LIST: Final = "List the versions: which one is active, since when, and how good each is."
PROMOTE: Final = "Make a version the active one, and wait until the running bots serve it."
ROLLBACK: Final = "Go back to the version that was active before, and wait for the running bots."
WHY: Final = "Say where a version comes from, what the gate found, and who moved it."

VERSION: Final = "The version, as `models list` prints it."
MODEL: Final = "The model, if several have that version."
MODEL_OF_LIST: Final = "List this model alone."
MODEL_OF_ROLLBACK: Final = "The model; by default the one that MODEL names."
JSON: Final = "Print one JSON list."
FORCE: Final = "Promote it although it was rejected or did not pass the gate."
NO_WAIT: Final = "Do not wait for the running bots."

FORCED: Final = "It was promoted with --force."
NOT_WATCHED: Final = (
    "With MODEL_CHECK_SECONDS=0, bots look for it on SIGHUP or at their next start."
)
NO_REPORT: Final = "The gate has not judged it."
NO_EVENTS: Final = "It was never moved."

HEADINGS: Final = ("version", "state", "since", "by", "F1", "corrections right")
SHIPPED: Final = "shipped"


def too_slow(store: str) -> str:
    """Return that the model store did not answer in time."""
    return f"{store} takes too long. Nothing more was done; `models list` says what is active"


def skipped(sentence: str) -> str:
    """Return a note about what was skipped in the store."""
    return f"note: {sentence}"


def version_table(entries: Sequence[VersionEntry]) -> list[str]:
    """Return the lines of a table: a block for each model, a line for each version."""
    lines: list[str] = []
    cells = [_row(entry) for entry in entries]
    widths = [max(map(len, column)) for column in zip(HEADINGS, *cells, strict=True)]
    for name in dict.fromkeys(entry.name for entry in entries):
        lines += [name, _line(" ", HEADINGS, widths)]
        lines += [
            _line("*" if entry.state is State.ACTIVE else " ", row, widths)
            for entry, row in zip(entries, cells, strict=True)
            if entry.name == name
        ]
    return lines


def _row(entry: VersionEntry) -> tuple[str, ...]:
    figure = entry.metrics.get("weighted_f1")
    return (
        entry.version,
        entry.state.value,
        entry.at[:10] if entry.at else "",
        entry.by or (SHIPPED if entry.shipped else ""),
        "" if figure is None else f"{figure:.3f}",
        _corrections(entry.metrics),
    )


def _corrections(metrics: Mapping[str, Any]) -> str:
    found = metrics.get("corrections")
    return f"{percent(found['before'])}, now {percent(found['after'])}" if found else ""


def _line(mark: str, cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"{mark} {'  '.join(padded)}".rstrip()


def is_active_already(name: str, version: str) -> str:
    """Return that there was nothing to promote."""
    return f"{name} {version} is the active version already."


def moved(event: Event) -> str:
    """Return that a version is active now."""
    instead = f", in place of {event.replaced}" if event.replaced else ""
    return f"{event.name} {event.version} is the active version now{instead}."


def was_rejected(entry: VersionEntry) -> str:
    """Return that a rejected version is promoted with --force alone."""
    return _needs_force(f"{entry.name} {entry.version} was rejected", entry.reasons)


def did_not_pass(entry: VersionEntry, report: "GateReport") -> str:
    """Return that a version which did not pass the gate is promoted with --force alone."""
    return _needs_force(f"{entry.name} {entry.version} did not pass the gate", report.failures)


def _needs_force(what: str, reasons: Sequence[str]) -> str:
    why = f": {as_sentences(reasons)}" if reasons else "."
    return f"{what}{why} To promote it all the same, add --force."


def waiting(seconds: float) -> str:
    """Return the progress while running bots are asked."""
    return f"asking the running bots ({seconds:.0f} s) ..."


def served(version: str, processes: Sequence[str]) -> str:
    """Return that all running bots serve a version."""
    bots = count_of(len(processes), "running bot")
    return f"{bots} {'answers' if len(processes) == 1 else 'answer'} with {version}."


def not_served(version: str, stale: Mapping[str, str], *, went_back: bool = False) -> str:
    """Return which running bots do not serve the active version.

    Args:
        version: The active version.
        stale: Version that each of these processes serves.
        went_back: Whether it is active by a rollback.
    """
    others = and_list(
        f"{process} answers with {other}"
        if other != version
        else f"{process} answers a known song differently than {version}"
        for process, other in stale.items()
    )
    problem = f"{version} is active in the model store, but {others}"
    why = "the log of that bot says why" if len(stale) == 1 else "the logs of those bots say why"
    return f"{problem}: {why}" if went_back else f"{problem}: {why}; `models rollback` goes back"


def silent(process: str, version: str, seconds: float) -> str:
    """Return that a process with another version may have ended."""
    return f"{process} was last heard {seconds:.0f} s ago, with {version}: it may have ended."


def no_bot(name: str) -> str:
    """Return that there was no running bot to ask."""
    return f"No running bot has {name} as its model; bots serve that version when they start."


def not_asked(version: str, why: object) -> str:
    """Return that the running bots could not be asked."""
    return f"{version} is active in the model store, but running bots could not be asked: {why}"


def state_line(entry: VersionEntry) -> str:
    """Return what a version is, and why."""
    since = f" since {_time(entry.at)}" if entry.at else ""
    by = f", by {entry.by}" if entry.by else ""
    shipped = ", as it came with the program" if entry.shipped and not entry.at else ""
    return f"{entry.name} {entry.version} is {entry.state.value}{since}{by}{shipped}."


def lineage_line(lineage: "Lineage") -> str:
    """Return where a version comes from."""
    base = f" and back to {lineage.base}" if lineage.base not in {"", lineage.parent} else ""
    start = "from the tables anew" if not lineage.base else f"from {lineage.parent}{base}"
    compared = "" if lineage.base else f", compared with {lineage.parent}"
    return (
        f"Trained {start}{compared}, with {count_of(lineage.rows_added, 'correction')}; program "
        f"{lineage.code_version}, seed {lineage.seed}, data {lineage.data_sha256[:12]}."
    )


def gate_lines(report: "GateReport") -> list[str]:
    """Return what the gate found: whether it passed, and a line for each check."""
    verdict = "passed" if report.passed else "did not pass"
    held = count_of(report.held_back, "correction")
    head = f"The gate compared it with {report.active}, {held} held back: it {verdict}."
    marks = {True: "✓", False: "✗"}
    return [head, *(f"  {marks[one.passed]} {one.name}: {one.sentence}" for one in report.checks)]


def event_lines(events: Sequence[Event]) -> list[str]:
    """Return a line for each event, with its reasons."""
    lines = []
    for event in events:
        why = f": {as_sentences(event.reasons)}" if event.reasons else ""
        instead = f" in place of {event.replaced}" if event.replaced else ""
        lines.append(f"  {_time(event.at)}  {event.state.value}{instead}, by {event.by}{why}")
    return lines


def _time(at: str) -> str:
    return f"{at[:16].replace('T', ' ')} UTC"


def capital(error: object) -> str:
    """Return a failure as a sentence."""
    return f"{capitalise(str(error))}."
