"""Commits a full run: the page to `docs/`, its figures to the figures file.

`python -m training.study.publish OUT DOCS` is the last step of `make study`.
"""

import shutil
import sys
from pathlib import Path
from typing import Final

from training import figures
from training.study.report import PAGE

COMMITTED_PAGE: Final = "study.html"


def publish(out: Path, docs: Path, committed: Path = figures.COMMITTED) -> str:
    """Copy page and figures of a full run; returns what was done. Raises FiguresError."""
    study = figures.read(out / figures.NAME).study
    if study is None or study.quick:
        return f"a quick run is no result; its page is {out / PAGE}"
    shutil.copyfile(out / PAGE, docs / COMMITTED_PAGE)
    figures.write_study(committed, study)
    return f"{docs / COMMITTED_PAGE} and {committed}: written"


if __name__ == "__main__":
    print(publish(Path(sys.argv[1]), Path(sys.argv[2])))  # noqa: T201 - a command prints
