"""What the command lines have in common, on top of Typer."""

import io
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import typer
from typer.core import TyperCommand

Command = tuple[str, str, Callable[..., None], tuple[str, ...]]
"""Name, help, function, and the arguments of each example."""

EX_SOFTWARE: Final = 70
"""Exit code for an internal error, as in sysexits.h."""


class _SystemFailed(Exception):
    """An OSError in a command; Typer would end silently if the reader of the output has exited."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


class ManyValues(TyperCommand):
    """A command whose repeatable options also take several values: `--model wide study`."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command and write out what it printed; raise _SystemFailed for an OSError."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except OSError as error:
            raise _SystemFailed(error) from error
        return result

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments after repeating the option before each further value."""
        repeatable = {
            name for option in self.params if option.multiple for name in option.opts
        }  # fmt: skip
        return list(super().parse_args(ctx, list(_repeated(args, repeatable))))


def _repeated(arguments: Sequence[str], options: set[str]) -> Iterator[str]:
    """Yield the arguments, with the option in front of each of its values."""
    option = None
    for index, argument in enumerate(arguments):
        if argument == "--":
            yield from arguments[index:]
            return
        if argument.startswith("-") and argument != "-":
            option = argument if argument in options else None
            values = 0
        elif option is not None:
            values += 1
            if values > 1:
                yield option
        yield argument


def new_app(help_text: str, *, completion: bool = False) -> typer.Typer:
    """Return an app without commands.

    Args:
        help_text: Help of the app itself.
        completion: Whether it has options that install shell completion.
    """
    return typer.Typer(
        help=help_text,
        add_completion=completion,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def add_commands(app: typer.Typer, program: str, commands: Iterable[Command]) -> None:
    """Add commands to `app`, with examples in their help that call `program`."""
    for name, text, function, uses in commands:
        lines = (f"  {program} {name} {use}".rstrip() for use in uses)
        epilog = "\n\n".join(("Examples:", *lines))
        app.command(name, help=text, epilog=epilog, cls=ManyValues)(function)


def run(
    app: typer.Typer, arguments: Sequence[str], program: str, failed: Callable[[OSError], str] = str
) -> int:
    """Run a command of an app and return its exit code.

    It is 2 for wrong usage, 70 for a fault of the program, 130 after Ctrl-C.

    Args:
        app: The app. Its commands end with `typer.Exit(code)`, or with code 0.
        arguments: Arguments of the command line, without the program.
        program: Name of the program, for messages.
        failed: Returns the sentence for an error of the output: its reader has exited, or the disk
            is full.
    """
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # for terminals that cannot encode "✓"
    try:
        code = _exit_code(app, arguments, program)
        sys.stdout.flush()
    except _SystemFailed as error:
        return _output_failed(failed(error.error))
    except OSError as error:  # from the flush
        return _output_failed(failed(error))
    except Exception as error:  # noqa: BLE001 - a fault of ours, for which there is no sentence
        print(f"{program}: {_fault(error)}", file=sys.stderr)
        return EX_SOFTWARE
    return code


def _open_closed_streams() -> None:
    """Replace standard streams that are closed, as in `soundslike ask heroes >&-`."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - open until the end
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115


def _exit_code(app: typer.Typer, arguments: Sequence[str], program: str) -> int:
    try:
        app(args=list(arguments), prog_name=program)
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else 0
    return 0


def _fault(error: Exception) -> str:
    """Return a sentence about an unexpected error, without its message, which may quote input."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}"
    return f"failed by a fault of its own: {type(error).__name__} in {where}. Please report it"


def _output_failed(sentence: str) -> int:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    print(sentence, file=sys.stderr)
    return 1
