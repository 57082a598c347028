import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

from model.metrics import Figures
from training.study.report import formats, write
from training.study.report.page import page
from training.study.results import Fold, Mistake, Report, SongPrediction
from training.study.robustness.results import LearningPoint

VOID = {"meta", "br"}
OF_FIGURES = tuple(one.name for one in fields(Figures) if one.type in (float, "float"))


class Outline(HTMLParser):
    """Parses a page to its elements and attributes; asserts that tags are balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.nested: list[tuple[str, ...]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.nested.append((*self._open, tag))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def values(self, attribute: str) -> list[str]:
        """Return all values of an attribute."""
        return [value for _, found in self.elements if (value := found.get(attribute))]


def numbered(value: Any, numbers: Iterator[float]) -> Any:
    """Return a copy in which no two scores are equal."""
    if isinstance(value, Figures):
        own: dict[str, Any] = {name: next(numbers) for name in OF_FIGURES}
        return replace(value, **own, auc={genre: next(numbers) for genre in value.auc})
    if isinstance(value, Fold):
        return replace(value, weighted_f1=next(numbers), spread=next(numbers))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{one.name: numbered(getattr(value, one.name), numbers) for one in fields(value)},
        )
    if isinstance(value, tuple):
        return tuple(numbered(one, numbers) for one in value)
    return value


def scores(value: Any) -> Iterator[float]:
    """Yield the scores that a page must show."""
    if isinstance(value, LearningPoint):
        yield from (value.test.weighted_f1, value.train.weighted_f1)
    elif isinstance(value, Figures):
        yield from (getattr(value, name) for name in OF_FIGURES)
    elif isinstance(value, Fold):
        yield from (value.weighted_f1, value.error)
    elif is_dataclass(value):
        for one in fields(value):
            yield from scores(getattr(value, one.name))
    elif isinstance(value, tuple):
        for one in value:
            yield from scores(one)


def test_every_score_is_on_the_page(report: Report) -> None:
    numbered_report = numbered(report, (10 + number * 0.001 for number in count()))
    expected = {formats.score(value) for value in scores(numbered_report)}
    assert len(expected) > 500

    text = page(numbered_report)

    shown = set(re.findall(r"(?<=[> ])[\d.]+", text))
    assert expected - shown == set()


def test_auc_of_each_genre_is_on_the_page(report: Report) -> None:
    numbered_report = numbered(report, (10 + number * 0.001 for number in count()))

    text = page(numbered_report)

    for task in numbered_report.tasks:
        for model in task.models:
            assert all(f">{formats.score(auc)}<" in text for auc in model.test.auc.values())


def test_every_text_is_on_the_page(report: Report) -> None:
    text = page(report)

    for sentence in fields(report.method):
        assert getattr(report.method, sentence.name) in text
    for explored in report.exploration:
        for finding in explored.findings:
            assert finding.claim in text
            assert all(one.words in text for one in finding.evidence)
    for source in report.sources:
        assert source.name in text
    for song in report.songs:
        assert song.title in text
    assert "numpy" in text
    assert "9.8.7" in text
    assert "max_depth: none, 8" in text


def test_times_and_sizes_have_units(report: Report) -> None:
    text = page(report)

    assert all(cost in text for cost in ("12.3 s", "4.6 s", "0.079 ms", "1.2 MB"))


def test_predictions_of_the_best_model_and_the_bundles_are_drawn(report: Report) -> None:
    song = replace(
        report.songs[0],
        predictions=tuple(
            SongPrediction("study", key, {"rock": 0.6, "pop": 0.4})
            for key in ("forest", "boosting", "ensemble", "bundle study 1a2b")
        ),
    )

    text = page(replace(report, songs=(song,)))

    drawn = re.findall('<p class="model-name">([^<]*)</p>', text)
    assert drawn == [
        "ensemble, grid-searched, 3 genres",
        "shipped bundle study 1a2b, 3 genres",
    ]
    assert "boosting, grid-searched, 3 genres</th>" in text


def test_names_from_tables_are_escaped(report: Report) -> None:
    name = "<script>alert(\"x\")</script> & 'co'"
    task = report.tasks[0]
    escaped_report = replace(
        report,
        tasks=(
            replace(task, mistakes=(Mistake(name, name, name, "rock", "pop", 0.9, 0.1),)),
            *report.tasks[1:],
        ),
        songs=(replace(report.songs[0], title=name, artist=name),),
    )

    text = page(escaped_report)

    assert "<script" not in text
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#x27;co&#x27;" in text


def test_page_has_no_external_resources(report: Report) -> None:
    text = page(report)
    outline = Outline(text)

    names = {name for name, _ in outline.elements}
    assert names.isdisjoint({"script", "link", "img", "iframe", "object", "image", "use", "base"})
    assert outline.values("src") == []
    outside = [address for address in outline.values("href") if not address.startswith("#")]
    assert set(outside) == {
        "https://github.com/mdeff/fma",
        "https://github.com/rfordatascience/tidytuesday",
    }
    assert {name for name, found in outline.elements if found.get("href")} == {"a"}
    assert "url(" not in text
    assert "@import" not in text


def test_internal_links_have_targets_and_ids_are_unique(report: Report) -> None:
    outline = Outline(page(report))

    inside = [address[1:] for address in outline.values("href") if address.startswith("#")]
    names = outline.values("id")
    assert len(inside) >= 9
    assert set(inside) <= set(names)
    assert len(names) == len(set(names))


def test_tables_have_captions_and_images_have_descriptions(report: Report) -> None:
    text = page(report)

    assert len(re.findall("<table", text)) == len(re.findall(r"<table[^>]*><caption>", text)) > 20
    pictures = re.findall(r'<svg[^>]*role="img"[^>]*>', text)
    described = re.findall(r'<svg[^>]*role="img"[^>]*><title>[^<]+</title><desc>[^<]+</desc>', text)
    assert len(pictures) == len(described) > 20
    unnamed = [tag for tag in re.findall(r"<svg[^>]*>", text) if 'role="img"' not in tag]
    assert all('aria-hidden="true"' in tag for tag in unnamed)


def test_scrolling_regions_are_focusable_and_labelled(report: Report) -> None:
    outline = Outline(page(report))

    regions = [found for _, found in outline.elements if found.get("role") == "region"]
    assert regions
    assert all(found.get("tabindex") == "0" and found.get("aria-label") for found in regions)


def test_page_of_some_models_omits_the_other_sections(report: Report) -> None:
    part = replace(
        report,
        robustness=None,
        songs=(),
        tasks=tuple(
            replace(
                task,
                best="forest",
                mistakes=(),
                models=tuple(
                    replace(model, fold=None, with_extras=None, agreed=None, resampled=None)
                    for model in task.models
                    if model.key == "forest"
                ),
            )
            for task in report.tasks
        ),
    )

    outline = Outline(page(part))

    assert {"robustness", "songs", "mistakes"}.isdisjoint(outline.values("id"))
    assert {"summary", "exploration", "models", "winners", "method"} <= set(outline.values("id"))


def test_page_without_models_shows_the_exploration(report: Report) -> None:
    part = replace(
        report,
        robustness=None,
        songs=(),
        tasks=tuple(
            replace(task, models=(), best="", best_of_study="", mistakes=())
            for task in report.tasks
        ),
    )

    text = page(part)

    assert "winners" not in Outline(text).values("id")
    assert "No model was run." in text


def test_quick_run_has_a_warning(report: Report) -> None:
    quick = replace(report, run=replace(report.run, quick=True))

    assert '<p class="warning">Sentence on quick.</p>' in page(quick)
    assert 'class="warning"' not in page(report)


def test_best_score_of_a_column_is_emphasised(report: Report) -> None:
    task = report.tasks[0]
    first, *others = task.models
    best = replace(first, test=replace(first.test, macro_f1=0.9996, calibration_error=0.0004))

    text = page(replace(report, tasks=(replace(task, models=(best, *others)),)))

    assert "<strong>1.000</strong>" in text
    assert "<strong>0.000</strong>" in text


def test_page_with_many_models_is_below_two_megabytes(report: Report, tmp_path: Path) -> None:
    many = replace(
        report,
        tasks=tuple(
            replace(task, models=task.models * 6, mistakes=task.mistakes * 10)
            for task in report.tasks
        ),
    )

    path = write(many, tmp_path)

    assert path == tmp_path / "report.html"
    assert 100_000 < path.stat().st_size < 2_000_000


def test_same_report_gives_the_same_page(report: Report) -> None:
    assert page(Report.from_json(report.to_json())) == page(report)
