"""`python -m training`: fetch the training tables, fit the models, publish their bundles."""

import sys
from collections.abc import Sequence

from model import command_line
from training import cli

PROGRAM = "python -m training"


def main(arguments: Sequence[str] | None = None, program: str = PROGRAM) -> int:
    """Run a command and return its exit code: 1 after an error, 130 after an interrupt."""
    app = command_line.new_app(cli.HELP)
    cli.add_commands(app, program)
    return command_line.run(app, sys.argv[1:] if arguments is None else arguments, program)


if __name__ == "__main__":
    sys.exit(main())
