"""Types of options that several commands have, and how a command prints."""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from model import folders
from training.retrain_cli import MAX_SEED
from training.sentences import one_sentence

Lines = Iterator[str]

Data = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help=f"Folder of tables; {folders.tables_folder()} by default."),
]
Tables = Annotated[
    str | None, typer.Option(metavar="NAMES", help="Use these tables alone; commas between names.")
]
Models = Annotated[
    list[str] | None,
    typer.Option("--model", metavar="NAME", help="This model alone; several are possible."),
]
Bundles = Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of bundles.")]
Seed = Annotated[
    int, typer.Option(min=0, max=MAX_SEED, metavar="NUMBER", help="Of all random draws.")
]


def printed(lines: Callable[..., Lines]) -> Callable[..., None]:
    """Return a command that prints lines, and one sentence before it exits if it fails."""

    @functools.wraps(lines)
    def command(**options: Any) -> None:
        with one_sentence():
            for line in lines(**options):
                print(line, flush=True)

    return command
