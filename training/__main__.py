"""Fetch the training tables, fit the models, publish their bundles."""

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from model.errors import ModelError
from training.commands import card, catalogue, fetch, fit, publish, study
from training.errors import TrainingError

COMMANDS: Final = (fetch, fit, study, card, publish, catalogue)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 1 after an error, 130 after an interrupt."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    options = parser.parse_args(arguments)
    try:
        for line in options.run(options):
            print(line, flush=True)
    except (TrainingError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; finished work is kept", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
