"""The commands `predict`, `listen` and `info`; the exit code is 1 after an error.

Modules that do the work are imported when a command is run: heavy imports stay out of the start.
"""

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final

import typer

from model import command_line
from model.errors import ModelError
from model.priors import DEFAULT_PRIOR
from model.schema import YEAR

if TYPE_CHECKING:
    from model.classifier import Classifier
    from model.table import Counts

STREAM: Final = "-"
"""Stands for standard input or output; a file of that name is `./-`."""

INTERRUPTED: Final = 130
"""Exit code after Ctrl-C of a command that goes on when it is run again."""


def add_commands(app: typer.Typer, program: str) -> None:
    """Add the commands to `app`, with examples that call `program`."""
    commands = (
        (
            "predict",
            "Classify each row of a table of songs: CSV with any separator, compressed or not.",
            _predict,
            ("songs.csv genres.csv", "songs.csv.gz genres.csv --keep title,artist", "- -"),
        ),
        (
            "listen",
            "Listen to the sound files of a folder. Run again, it goes on where it was stopped.",
            _listen,
            ("Music --out table.csv", "Music --out table.csv --workers 1 --again"),
        ),
        ("info", "List the models with their genres and figures.", _info, ("", "--json")),
    )
    command_line.add_commands(app, program, commands)


def _predict(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="IN.csv", help="- is standard input.")],
    target: Annotated[str, typer.Argument(metavar="OUT.csv", help="- is standard output.")],
    keep: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN", help="Copy this column of the input, or all; several are possible."
        ),
    ] = None,
    model: Annotated[str, typer.Option(metavar="NAME", help="The model.")] = "wide",
    prior: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="What songs are expected: popular music, those of the training tables, or even: "
            "every genre alike.",
        ),
    ] = DEFAULT_PRIOR,
) -> None:
    _end(context, lambda: _classify(source, target, keep or [], model, prior))


def _listen(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder of sound files.")],
    out: Annotated[
        Path,
        typer.Option(metavar="TABLE.csv", help="The table: files that have a row are skipped."),
    ],
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Processes; by default one for each core."),
    ] = None,
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Throw the table's rows away and start anew.")
    ] = False,
) -> None:
    _end(context, lambda: _listen_to_folder(context, folder, out, workers, again=again))


def _info(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    _end(context, lambda: _print_bundles(as_json=as_json))


def _end(context: typer.Context, work: Callable[[], object]) -> None:
    """Do the work of a command; print one sentence and exit with code 1 if it fails."""
    program = context.find_root().info_name
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        work()
        sys.stdout.flush()
    except ModelError as error:
        print(f"{program}: {error}", file=sys.stderr)
    except BrokenPipeError:  # as in `... | head`; what is buffered is not wanted either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        reason = f"{error.filename}: {error.strerror}" if error.filename else error
        print(f"{program}: {reason}", file=sys.stderr)
    except MemoryError:
        print(f"{program}: there is not enough memory for this", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"{program}: stopped; no file was written", file=sys.stderr)
    else:
        return
    raise typer.Exit(1)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _classify(source_name: str, target_name: str, keep: list[str], model: str, prior: str) -> None:
    from tqdm import tqdm

    from model import table
    from model.classifier import Classifier
    from model.store import BundleStore

    source = sys.stdin.buffer if source_name == STREAM else Path(source_name)
    target = sys.stdout.buffer if target_name == STREAM else Path(target_name)
    classifier = Classifier(BundleStore().load(model), prior)
    title = source.name if isinstance(source, Path) else "standard input"
    with tqdm(total=_size(source), unit="B", unit_scale=True, desc=title, disable=None) as bar:
        counts = table.predict(
            classifier, source, target, lambda read: bar.update(read - bar.n), keep=keep
        )
    print(
        _closing(classifier, counts, prior),
        file=sys.stderr if target_name == STREAM else sys.stdout,
    )


def _size(source: Path | BinaryIO) -> int | None:
    """Return the size of a file in bytes; None if it is not known."""
    if isinstance(source, Path) and source.is_file():
        return source.stat().st_size
    return None


def _closing(classifier: "Classifier", counts: "Counts", prior: str) -> str:
    """Return the sentence about what was done and what was missing.

    The year, an optional input, is never reported as missing.
    """
    sentence = (
        f"{counts.rows} rows classified with {classifier.name} {classifier.version}; "
        f"{counts.skipped} of them had too few features and were left empty"
    )
    if counts.with_year is not None:
        sentence += f"; the year was read in {counts.with_year} of {counts.rows} rows"
    if missing := [name for name in counts.missing if name != YEAR.name]:
        sentence += f"; missing columns: {', '.join(missing)}"
    if counts.without_unit:
        sentence += f" (the unit of {', '.join(counts.without_unit)} is not known)"
    if classifier.prior is None and prior != DEFAULT_PRIOR:
        sentence += f"; the model has no priors, so {prior} changed nothing"
    return sentence


def _listen_to_folder(
    context: typer.Context, folder: Path, target: Path, workers: int | None, *, again: bool
) -> None:
    from tqdm import tqdm

    from model.cores import cores
    from model.sound.folder import hear_all
    from model.sound.sound_files import sound_files
    from model.sound.sound_table import SoundTable, cell_of

    names = {path: cell_of(path.relative_to(folder)) for path in sound_files(folder)}
    counts: Counter[str] = Counter()
    with SoundTable(target, again=again) as table:
        files = [path for path, name in names.items() if name not in table.done]
        rows = hear_all(files, workers or cores())
        try:
            with closing(rows), tqdm(total=len(files), unit="file", disable=None) as bar:
                for path, row in rows:
                    table.add(names[path], row)
                    counts[row.get("error", "")] += 1
                    bar.update()
        except KeyboardInterrupt:
            program = context.find_root().info_name
            left = len(files) - counts.total()
            print(
                f"{program}: stopped; {left} of {len(names)} files are not in {target} yet. "
                "The same command, without --again, goes on with them.",
                file=sys.stderr,
            )
            raise typer.Exit(INTERRUPTED) from None
    skipped = len(names) - len(files)
    print(
        f"{len(files)} files listened to: {counts['']} music, {counts['not_music']} no music, "
        f"{counts['not_audio'] + counts['failed']} not readable"
        + (f"; {skipped} were in the table already" if skipped else "")
    )


def _print_bundles(*, as_json: bool) -> None:
    from model.sound.tagger_bundle import TaggerStore
    from model.store import BundleStore

    store, tagger_store = BundleStore(), TaggerStore()
    bundles = [asdict(store.load(name).metadata) for name in store.names()]
    taggers = [asdict(tagger_store.load(name).metadata) for name in tagger_store.names()]
    if as_json:
        print(json.dumps({"bundles": bundles, "taggers": taggers}))
        return
    for bundle in bundles:
        print(f"{bundle['name']} {bundle['version']}: {', '.join(bundle['genres'])}")
        print(json.dumps(bundle["metrics"], indent=1))
    for tagger in taggers:
        tags = ", ".join(f"{len(own)} tags of {name}" for name, own in tagger["tags"].items())
        print(f"{tagger['name']} {tagger['version']} listens to sound: {tags}")
        print(f"{tagger['origin']}; licence {tagger['license']}")
