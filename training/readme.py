"""Writes the figures in the README, from the figures file, by the template `readme.md.j2`."""

import re
from pathlib import Path
from typing import Final

from model.metrics import FeaturePattern, Figures, MeasuredModel, Metrics, Slice
from training.figures import FiguresFile
from training.templates import rendered

README: Final = Path(__file__).parent.parent / "README.md"
TEMPLATE: Final = "readme.md.j2"
START: Final = "<!-- figures: written by `python -m training card` -->"
END: Final = "<!-- end of figures -->"
GIVEN: Final = {
    FeaturePattern.CORE: "8 features",
    FeaturePattern.ALL: "12 features",
    FeaturePattern.WITH_YEAR: "12 features and the year",
}


def write_readme(figures: FiguresFile, path: Path = README) -> bool:
    """Write the figures between the marks of the README; False if there is no such README."""
    if not path.exists():
        return False
    text = path.read_text(encoding="utf-8")
    block = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
    new = f"{START}\n{readme(figures)}{END}"
    path.write_text(block.sub(lambda _: new, text), encoding="utf-8")
    return True


def readme(figures: FiguresFile) -> str:
    """Return the figures of the README as Markdown."""
    wide, study = (Metrics.from_json(figures.models[name]["metrics"]) for name in ("wide", "study"))
    rows = [
        _row("`wide`, 13 genres", wide, FeaturePattern.ALL),
        _row("`wide`", wide, FeaturePattern.WITH_YEAR),
        _row("`wide`", wide),
        _row("the study's recipe, 13 genres", wide, model=MeasuredModel.BASELINE),
        _row("`study`, 3 genres", study),
        _row("the study's recipe, 3 genres", study, model=MeasuredModel.BASELINE),
    ]
    return rendered(
        TEMPLATE,
        rows=rows,
        songs=f"{wide.figures().rows:,}",
        verdicts=figures.models["wide"]["verdicts"],
        study=figures.study,
    )


def _row(
    name: str,
    metrics: Metrics,
    features: FeaturePattern = FeaturePattern.CORE,
    model: MeasuredModel = MeasuredModel.OURS,
) -> tuple[str, ...]:
    found: Figures = metrics.figures(Slice.ALL, features, model)
    others = (found.macro_f1, found.top_3, found.mean_auc, found.calibration_error)
    first = f"{found.weighted_f1:.3f} ± {found.weighted_f1_error:.3f}"
    return name, GIVEN[features], first, *(f"{one:.3f}" for one in others)
