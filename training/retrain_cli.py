"""The options of the command `retrain`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from model.variables import LEAST_MEMORY_MB
from training.sentences import one_sentence

MAX_SEED: Final = 2**32 - 1
"""Largest seed that scikit-learn accepts."""

HELP: Final = (
    "Retrain on corrections.\n\n"
    "The options --without-... leave votes out of this training alone: the next one learns from "
    "them again, unless they are deleted (/forget-me)."
)
EXAMPLES: Final = ("", "--json --low-priority --max-memory-mb 4096", "--without-voter HASH")


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no time as in 2026-01-31T14:05+00:00") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _workspace(text: str) -> str:
    platform, colon, workspace = text.partition(":")
    if not (platform and colon and workspace):
        raise typer.BadParameter(f"{text!r} is no PLATFORM:ID as in discord:123456789012345678")
    return text


def retrain(
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Fit anew from the tables in this folder."),
    ] = None,
    feedback: Annotated[
        str | None,
        typer.Option(metavar="DATABASE_URL", help="Corrections; by default the bot's database."),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Model store; by default the bot's."),
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="The model; by default the bot's.")
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=MAX_SEED, metavar="NUMBER", help="Of all random draws.")
    ] = 0,
    without_voter: Annotated[
        list[str] | None,
        typer.Option(metavar="HASH", help="Leave out this person's votes; several are possible."),
    ] = None,
    without_workspace: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PLATFORM:ID",
            parser=_workspace,
            help="Leave out the votes of this server or workspace; several are possible.",
        ),
    ] = None,
    without_since: Annotated[
        datetime | None,
        typer.Option(
            metavar="TIME",
            parser=_time,
            help="Leave out the votes from this time on; with --without-until, those between.",
        ),
    ] = None,
    without_until: Annotated[
        datetime | None,
        typer.Option(metavar="TIME", parser=_time, help="Leave out the votes before this time."),
    ] = None,
    max_memory_mb: Annotated[
        int | None,
        typer.Option(min=LEAST_MEMORY_MB, metavar="NUMBER", help="Stop rather than take more."),
    ] = None,
    *,
    from_base: Annotated[
        bool,
        typer.Option(
            "--from-base",
            help="Start from the last version that has not learnt from corrections.",
        ),
    ] = False,
    hold_after_rollback: Annotated[
        bool,
        typer.Option(
            "--hold-after-rollback",
            help="If a person has gone back to the active version, do not replace it.",
        ),
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print one line of JSON; progress goes to stderr.")
    ] = False,
    low_priority: Annotated[
        bool, typer.Option("--low-priority", help="Let other processes go first.")
    ] = False,
) -> None:
    """Retrain the active model; exit with 3 if the candidate is rejected."""
    with one_sentence():
        from training.commands import retrain as command

        code = command.run(
            command.Options(
                data=data,
                feedback=feedback,
                store=store,
                model=model,
                seed=seed,
                voters=frozenset(without_voter or ()),
                workspaces=frozenset(without_workspace or ()),
                since=without_since,
                until=without_until,
                max_memory_mb=max_memory_mb,
                from_base=from_base,
                hold_after_rollback=hold_after_rollback,
                json=json,
                low_priority=low_priority,
            )
        )
    raise typer.Exit(code)
