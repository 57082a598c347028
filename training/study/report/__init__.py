"""The report: one HTML file, made from the results of a study."""

from pathlib import Path
from typing import Final

from training.study.report.render import page
from training.study.results import Report

PAGE: Final = "report.html"


def write(report: Report, folder: Path) -> Path:
    """Write the page to `folder` and return its path."""
    path = folder / PAGE
    path.write_text(page(report), encoding="utf-8")
    return path
