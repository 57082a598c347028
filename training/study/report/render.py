"""Renders the page: one HTML file that holds its scripts, and loads nothing.

The words of the report are in `page.html.j2`; Jinja2 is used here alone.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from training.annotators import ARTIST_ACCURACY
from training.artist_genres import OPINIONS
from training.evaluation import CLEAR_SHARE, RESAMPLES, SONGS_PER_ARTIST
from training.features import CORE_HIDDEN_SHARE
from training.split import TEST_SHARE
from training.study.report import facts, figures, formats
from training.study.report.charts import scripts
from training.study.results import Report

HERE: Final = Path(__file__).parent


def page(report: Report) -> str:
    """Return the report as one HTML document."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= formats.FILTERS
    environment.filters["spec"] = _spec
    program = scripts((HERE / "page.js").read_text(encoding="utf-8")).replace(
        "</script", "<\\/script"
    )
    style = "".join(
        (HERE / "page.css")
        .read_text(encoding="utf-8")
        .replace("/* light genres */", figures.colour_variables("light"))
        .replace("/* dark genres */", figures.colour_variables("dark"))
    )
    template = environment.get_template("page.html.j2")
    return template.render(
        report=report,
        facts=facts,
        figures=figures,
        formats=formats,
        test_share=TEST_SHARE,
        hidden_share=CORE_HIDDEN_SHARE,
        songs_per_artist=SONGS_PER_ARTIST,
        resamples=RESAMPLES,
        clear_share=CLEAR_SHARE,
        artist_accuracy=ARTIST_ACCURACY,
        opinions=OPINIONS,
        style=Markup(style),  # noqa: S704 - our own file
        program=Markup(program),  # noqa: S704 - our own script and Vega's
        program_digest=_digest(program),
    )


def _spec(spec: dict[str, Any]) -> Markup:
    """Return a specification as JSON that cannot end its script element."""
    return Markup(json.dumps(spec, separators=(",", ":")).replace("<", "\\u003c"))  # noqa: S704


def _digest(program: str) -> str:
    return base64.b64encode(hashlib.sha256(program.encode()).digest()).decode()
