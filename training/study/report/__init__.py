"""The HTML report, `report.html`, made from a `results.Report`."""

from pathlib import Path
from typing import Final

from training.study.report.page import page
from training.study.results import Report

NAME: Final = "report.html"
REPORT: Final = "report.json"


def write(report: Report, folder: Path) -> Path:
    """Write the report into `folder`, which must exist, and return its path."""
    path = folder / NAME
    path.write_text(page(report), encoding="utf-8")
    return path
