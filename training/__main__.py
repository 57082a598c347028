"""Tables in, models out: fetch the tables, fit the models, publish their bundles."""

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from model.errors import ModelError
from training.commands import card, catalogue, fetch, fit, publish, study
from training.errors import TrainingError

VERBS: Final = (fetch, fit, study, card, publish, catalogue)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; returns the exit code, 1 when what it needs is not there or not right."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for verb in VERBS:
        verb.add(verbs)
    options = parser.parse_args(arguments)
    try:
        for line in options.run(options):
            print(line, flush=True)
    except (TrainingError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; what was finished before stays", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
