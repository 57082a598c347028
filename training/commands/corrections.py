"""Command `corrections`: writes what people agree on as a table, without people."""

from collections.abc import Iterator
from pathlib import Path

import typer

from training import deployment
from training.commands.options import check_usable
from training.counting import counted
from training.feedback import export, left_out
from training.feedback.agreement import agree
from training.feedback.reading import read


def run(out: Path, feedback: str | None) -> Iterator[str]:
    """Write the agreed labels in the bot's database to a file.

    Args:
        out: The file; its suffix says whether it is Parquet or CSV.
        feedback: URL of the database; by default that of the deployment.
    """
    if out.suffix.lower() not in export.SUFFIXES:
        raise typer.BadParameter(f"{out}: name a file that ends in {' or '.join(export.SUFFIXES)}")
    check_usable(out.parent)
    settings = deployment.load()
    votes = read(feedback or settings.votes, public=settings.learns_from_public)
    agreement = agree(votes.votes)
    export.write(agreement.labels, out)
    yield f"{out}: {counted(len(agreement.labels), 'track')}"
    yield from left_out.lines(votes, agreement)
