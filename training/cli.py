"""The commands of `python -m training`, which are `soundslike train ...` as well.

Modules that do the work are imported when a command is run: heavy imports stay out of the start.
"""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from model import command_line, folders
from training import data_cli, retrain_cli
from training.cli_options import Bundles, Data, Lines, Models, Seed, Tables, printed

HELP: Final = "Fetch the training tables, fit the models, publish their bundles."
PROCESSES: Final = 2


def _address(text: str) -> str:
    if not text.strip():  # it would mean the working directory
        raise typer.BadParameter("the address is empty")
    return text


def add_commands(app: typer.Typer, program: str) -> None:
    """Add the commands to `app`, with examples that call `program`."""
    fit_examples = ("--data data", "--tables fma --model study --out bundles")
    audio_examples = ("--folder fma_small", "--folder clips --feedback sqlite:///soundslike.db")
    export_examples = ("--out corrections.parquet", "--out corrections.csv")
    commands = (
        ("fetch", "Download the public tables.", _fetch, ("",)),
        ("fit", "Fit the models; write bundles and model card.", _fit, fit_examples),
        ("retrain", "Retrain on corrections.", retrain_cli.retrain, retrain_cli.EXAMPLES),
        ("audio", "Fit the tagger's head on labelled sound files.", _audio, audio_examples),
        ("study", "Rebuild the study; write its report.", _study, ("--quick", "--cluster local")),
        ("corrections", "Write agreed corrections as a table.", _corrections, export_examples),
        ("card", "Write the model card from the bundles.", _card, ("",)),
        ("publish", "Publish bundles to a model store.", _publish, ("s3://bucket/models",)),
        ("keygen", "Make the key that signs published bundles.", _keygen, ("signing.pem",)),
        ("catalogue", "Write the bot's embedded songs from the tables.", data_cli.catalogue, ("",)),
        (
            "percentiles",
            "Write the features' percentiles over the tables.",
            data_cli.percentiles,
            ("",),
        ),
        (
            "rehearsal",
            "Add the tables' distributions to bundles.",
            data_cli.rehearsal,
            ("--data data",),
        ),
        (
            "few-shot",
            "Write how songs are spread; measure labels of few songs.",
            data_cli.few_shot,
            ("",),
        ),
    )
    command_line.add_commands(app, program, commands)


@printed
def _fetch(data: Data = None) -> Lines:
    from training.fetch import fetch

    yield from fetch(data or folders.tables_folder())


@printed
def _fit(
    data: Data = None,
    out: Bundles = None,
    model: Models = None,
    tables: Tables = None,
    feedback: Annotated[
        str | None,
        typer.Option(metavar="DATABASE_URL", help="Also train on the labels from the chat."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", hidden=True, help="Not used any more.")
    ] = None,
    seed: Seed = 0,
) -> Lines:
    from training.commands import fit, options

    if report:
        print("--report is not used any more: the study selects no model", file=sys.stderr)
    yield from fit.run(
        data or folders.tables_folder(),
        options.bundles(out),
        options.models(model),
        options.tables(tables),
        feedback=feedback,
        seed=seed,
    )


@printed
def _audio(
    folder: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER",
            help="Labelled sound files: with labels.csv, of FMA, or in folders named by genres.",
        ),
    ],
    data: Data = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of taggers to write to.")
    ] = None,
    feedback: Annotated[
        str | None,
        typer.Option(metavar="DATABASE_URL", help="Also train on votes on songs that were heard."),
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keeps what was heard for the next run."),
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(min=1, metavar="NUMBER", help="Processes; by default one for each core."),
    ] = None,
    seed: Seed = 0,
) -> Lines:
    from model.cores import cores
    from model.sound.tagger_bundle import SHIPPED
    from training.commands import audio

    yield from audio.run(
        audio.Options(
            folder,
            out or folders.bundles_folder(SHIPPED),
            data or folders.tables_folder(),
            cache or folders.data_folder() / "heard-clips.sqlite",
            feedback,
            processes or cores(),
            seed,
        )
    )


@printed
def _study(
    data: Data = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help=f"Folder of the report; {folders.study_folder()} by default."
        ),
    ] = None,
    models: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MODEL",
            help="This model alone; several are possible. The experiments are run with "
            "all models only.",
        ),
    ] = None,
    tables: Tables = None,
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Take a few minutes; the figures are no results.")
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Run on a Dask cluster: tcp://..., or local to start one on this machine.",
        ),
    ] = None,
    processes: Annotated[
        int, typer.Option(min=1, metavar="NUMBER", help="Processes on this machine.")
    ] = PROCESSES,
    seed: Seed = 0,
) -> Lines:
    from training.commands import options, study

    yield from study.run(
        data or folders.tables_folder(),
        out or folders.study_folder(),
        study.keys(models),
        options.tables(tables),
        quick=quick,
        cluster=cluster,
        processes=processes,
        seed=seed,
    )


@printed
def _corrections(
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write: .parquet or .csv.")],
    feedback: Annotated[
        str | None,
        typer.Option(metavar="DATABASE_URL", help="The bot's database; by default its own."),
    ] = None,
) -> Lines:
    from training.commands import corrections

    yield from corrections.run(out, feedback)


@printed
def _card(bundles: Bundles = None) -> Lines:
    from training.commands import card, options

    yield from card.write(options.bundles(bundles))


@printed
def _publish(
    url: Annotated[
        str, typer.Argument(metavar="URL", parser=_address, help="A folder, or s3://BUCKET/FOLDER.")
    ],
    bundles: Bundles = None,
    model: Models = None,
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            envvar="MODEL_SIGNING_KEY",
            help="Sign with the private ed25519 key in this file.",
        ),
    ] = None,
) -> Lines:
    from training.commands import options, publish

    yield from publish.run(url, options.bundles(bundles), options.models(model), key)


@printed
def _keygen(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
) -> Lines:
    from training.commands import keygen

    yield from keygen.run(file)
