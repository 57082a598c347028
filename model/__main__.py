"""`python -m model`: the commands `predict` and `info`."""

import sys
from collections.abc import Sequence

from model import command_line, commands

PROGRAM = "python -m model"


def main(arguments: Sequence[str], program: str = PROGRAM) -> int:
    """Run a command and return its exit code."""
    app = command_line.new_app("Classify tables of songs with the models.")
    commands.add_commands(app, program)
    return command_line.run(app, arguments, program)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
