"""The complete page: one HTML file without scripts or external resources."""

from pathlib import Path
from typing import Final

from training.study.report.blocks import paragraph
from training.study.report.colours import load_colours, variables
from training.study.report.html import Markup, Node, element
from training.study.report.sections.exploration import exploration
from training.study.report.sections.goals import goals
from training.study.report.sections.method import method, versions
from training.study.report.sections.mistakes import mistakes
from training.study.report.sections.models import models
from training.study.report.sections.robustness import robustness
from training.study.report.sections.songs import songs
from training.study.report.sections.summary import summary
from training.study.report.sections.winners import closer_look
from training.study.results import Report

STYLE: Final = Path(__file__).parent / "page.css"
TITLE: Final = "Soundslike: the study"
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""Content security policy: nothing but the page's inline styles is loaded."""

LINKS: Final = {
    "summary": "In short",
    "exploration": "Songs",
    "models": "Models",
    "goals": "Goals",
    "winners": "Best models",
    "robustness": "Robustness",
    "mistakes": "Mistakes",
    "songs": "Three songs",
    "method": "Method",
    "versions": "Versions",
}


def page(report: Report) -> str:
    """Return the report as one HTML document."""
    sections = {
        "summary": summary(report),
        "exploration": exploration(report),
        "models": models(report),
        "goals": goals(report),
        "winners": closer_look(report),
        "robustness": robustness(report),
        "mistakes": mistakes(report),
        "songs": songs(report),
        "method": method(report),
        "versions": versions(report),
    }
    present = {name: content for name, content in sections.items() if content is not None}
    links = [element("a", LINKS[name], href=f"#{name}") for name in present]
    body = element(
        "body",
        element("a", "Skip to the report", href="#main", class_="skip"),
        element(
            "header",
            element("h1", TITLE),
            paragraph("Which genre does a song sound like, going by its audio features alone?"),
            _warning(report),
            element("nav", links, aria_label="Sections"),
        ),
        element("main", list(present.values()), id="main"),
    )
    document = element("html", _head(), body, lang="en")
    return f"<!doctype html>\n{document.text}\n"


def _warning(report: Report) -> Node:
    if not report.run.quick:
        return ()
    return paragraph(report.method.quick, kind="warning")


def _head() -> Markup:
    themes = load_colours()
    style = (
        f":root{{{variables(themes['light'])}}}"
        f"@media (prefers-color-scheme: dark){{:root{{{variables(themes['dark'])}}}}}"
        # Print in the light theme, also if the screen is dark.
        f"@media print{{:root{{{variables(themes['light'])}}}}}"
        f"{STYLE.read_text(encoding='utf-8')}"
    )
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", TITLE),
        element("style", Markup(style)),
    )
