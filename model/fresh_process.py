"""Command lines that run a part of this program in a fresh interpreter."""

import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]


def command(module: str, *arguments: str) -> list[str]:
    """Return the command line that calls `main(*arguments)` of a module.

    The process has the search path for modules of this one, and is otherwise isolated from the
    environment.
    """
    end = 1 + len(arguments)
    program = (
        f"import sys; sys.path[:] = sys.argv[{end}:]; from {module} import main; "
        f"main(*sys.argv[1:{end}])"
    )
    # -I and -S leave out what the environment adds, which makes the start twice as fast.
    return [sys.executable, "-I", "-S", "-c", program, *arguments, str(ROOT), *sys.path]
