"""The commands that write what the bot's code carries of the tables.

Modules that do the work are imported when a command is run: heavy imports stay out of the start.
"""

from pathlib import Path
from typing import Annotated, Final

import typer

from model import folders
from training.cli_options import Bundles, Data, Lines, Models, Seed, printed


@printed
def catalogue(
    data: Data = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The file to write.")] = None,
) -> Lines:
    """Write the embedded songs."""
    from training.embedded_songs import EMBEDDED_SONGS, write_embedded_songs

    out = out or EMBEDDED_SONGS
    yield f"{out}: {write_embedded_songs(data or folders.tables_folder(), out)} songs"


@printed
def percentiles(
    data: Data = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The file to write.")] = None,
) -> Lines:
    """Write the percentiles."""
    from model.percentiles import PERCENTILES
    from training.percentiles import write_percentiles

    out = out or PERCENTILES
    yield f"{out}: {write_percentiles(data or folders.tables_folder(), out)} songs"


@printed
def rehearsal(data: Data = None, out: Bundles = None, model: Models = None) -> Lines:
    """Add rehearsal.npz to bundles."""
    from training.commands import options
    from training.commands.rehearsal import run

    yield from run(
        data or folders.tables_folder(),
        options.bundles(out),
        options.models(model),
        options.tables(None),
    )


@printed
def few_shot(
    data: Data = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The file to write.")] = None,
    seed: Seed = 0,
) -> Lines:
    """Write how songs are spread, and print what labels of few songs reach."""
    from model.song_space import SONG_SPACE
    from training.few_shot import load, report, write_spread

    songs = load(data or folders.tables_folder())
    space = write_spread(songs, out or SONG_SPACE, seed)
    yield from report(songs, space, seed)


COMMANDS: Final = (
    ("catalogue", "Write the bot's embedded songs from the tables.", catalogue, ("",)),
    ("percentiles", "Write the features' percentiles over the tables.", percentiles, ("",)),
    ("rehearsal", "Add the tables' distributions to bundles.", rehearsal, ("--data data",)),
    ("few-shot", "Write how songs are spread; measure labels of few songs.", few_shot, ("",)),
)
"""Name, help, function and examples of each command."""
