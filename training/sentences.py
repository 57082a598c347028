"""Ends commands that fail with one sentence and an exit code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer

from model.errors import ModelError
from model.lifecycle import EXIT_BUSY
from training.errors import AnotherRetrains, TrainingError

NEEDS_EXTRA: Final = (
    "Training needs more packages: install soundslike[train], or in a clone requirements.txt "
    "(there is no module {module})."
)
EX_UNAVAILABLE: Final = 69


def sentence_of(error: Exception) -> str:
    """Return what is printed of an error that is foreseen."""
    if isinstance(error, ModuleNotFoundError):
        return NEEDS_EXTRA.format(module=error.name)
    return str(error)


@contextmanager
def one_sentence() -> Iterator[None]:
    """Print one sentence on the standard error and exit if the block fails as foreseen.

    The exit code is 69 if a package is missing, 75 if another process retrains, 1 after another
    error, 130 after an interrupt.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in {"model", "training"}:
            raise
        print(sentence_of(error), file=sys.stderr)
        raise typer.Exit(EX_UNAVAILABLE) from error
    except (TrainingError, ModelError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(_code(error)) from error
    except KeyboardInterrupt:
        print("stopped; finished work is kept", file=sys.stderr)
        raise typer.Exit(130) from None


def _code(error: Exception) -> int:
    return EXIT_BUSY if isinstance(error, AnotherRetrains) else 1
