"""The page says what the results say, and needs nothing but itself."""

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from model.genre_colours import genre_colours
from model.genres import WIDE
from model.schema import RADAR
from model.store import SHIPPED, BundleStore
from model.verdicts import Verdict
from training.annotators import ARTIST_ACCURACY
from training.study.report import charts, facts
from training.study.report.figures import colour
from training.study.report.render import page
from training.study.results import Condition, LabelMeaning, Report, TaskResult

MAX_BYTES = 3_000_000
SENTENCES = re.compile(r"<(h1|h2|h3|p|li|figcaption)\b[^>]*>(.*?)</\1>", re.DOTALL)


@pytest.fixture(scope="module")
def html(written: Path) -> str:
    return written.read_text(encoding="utf-8")


@pytest.fixture
def words_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out charts and scripts, which take a second."""
    for name in ("bars", "dots", "stacked", "lines", "radar"):
        monkeypatch.setattr(charts, name, lambda *_, **__: {})
    monkeypatch.setattr("training.study.report.render.scripts", lambda program: program)


def sentences(html: str) -> list[str]:
    return [plain(words) for _, words in SENTENCES.findall(html)]


def titles(html: str) -> list[str]:
    return [plain(words) for words in re.findall(r"<h3>(.*?)</h3>", html, re.DOTALL)]


def plain(html: str) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\N{NARROW NO-BREAK SPACE}", " ")
    return " ".join(text.split())


def changed(report: Report, task: str, **change: object) -> Report:
    tasks = tuple(
        one.model_copy(update=change) if one.name == task else one for one in report.tasks
    )
    return report.model_copy(update={"tasks": tasks})


def with_scores(task: TaskResult, scores: dict[str, tuple[float, float]]) -> TaskResult:
    models = []
    for one in task.models:
        score, gap_error = scores.get(one.key, (0.1, 0.01))
        figures = replace(one.test, weighted_f1=score)
        models.append(one.model_copy(update={"test": figures, "gap_error": gap_error}))
    return task.model_copy(update={"models": tuple(models)})


def test_page_is_small_and_loads_nothing(written: Path, html: str) -> None:
    assert written.stat().st_size <= MAX_BYTES
    text = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
    assert not re.search(r"""(?:src|href|url)\s*=?\s*["'(]\s*(?:https?:)?//""", text)
    assert "default-src 'none'" in text
    assert "unsafe-inline'; script-src 'sha256-" in text


def test_every_section_and_chart_is_there(html: str) -> None:
    for section in ("songs", "models", "labels", "trust", "mistakes", "three", "method"):
        assert f'<section id="{section}">' in html
        assert f'href="#{section}"' in html
    specs = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    assert len(specs) > 35
    for spec in map(json.loads, specs):
        assert spec["width"] == "container"
    assert html.count("<details>") > 20  # numbers without charts, for people without scripts


def test_sentences_have_no_long_numbers(html: str) -> None:
    for sentence in sentences(html):
        for number in re.findall(r"\d+\.\d+", sentence):
            if not re.search(rf"\w+ \d+\.{re.escape(number)}|{re.escape(number)}\.\d", sentence):
                assert len(number.partition(".")[2]) <= 3, sentence
    assert not re.search(r"\d\.\d{4,}", " ".join(titles(html)))


def test_no_finding_is_left_without_words(html: str) -> None:
    assert len(titles(html)) > 15
    for words in (*titles(html), *sentences(html)):
        assert words
        assert "None" not in words.split()
        assert "Undefined" not in words


def test_every_genre_has_the_colour_of_the_bot(html: str) -> None:
    light, dark = (genre_colours(theme) for theme in ("light", "dark"))
    for genre in WIDE:
        name = colour(genre)[4:-1]
        assert re.findall(rf"{name}:(#\w+);", html) == [light[genre], dark[genre]]


@pytest.mark.usefixtures("words_only")
def test_question_is_answered_by_the_shipped_model(report: Report) -> None:
    song = report.songs[0]
    for shares, verdict, words in (
        ((0.8, 0.1), Verdict.PLAIN, "it is hip-hop: hip-hop 80 %, country 10 %"),
        ((0.1, 0.8), Verdict.PLAIN, "it is country: country 80 %, hip-hop 10 %"),
        ((0.5, 0.3), Verdict.EITHER, "it is hip-hop or country: hip-hop 50 %, country 30 %"),
        ((0.1, 0.3), Verdict.EITHER, "it is rock or country: rock 60 %, country 30 %, hip-hop"),
        ((0.4, 0.2), Verdict.UNSURE, "it is hard to say: hip-hop 40 %"),
    ):
        own = dict(zip(("hip-hop", "country", "rock"), (*shares, 1 - sum(shares)), strict=True))
        ranked = dict(sorted(own.items(), key=lambda pair: -pair[1]))
        change = {"predictions": {"wide": {"as shipped": ranked}}, "verdict": verdict}
        found = titles(page(report.model_copy(update={"songs": (song.model_copy(update=change),)})))
        assert f"By its sound and its year {words}" in found[0]
        said = words.removeprefix("it is ").partition(":")[0]
        assert f"Old Town Road: {said}" in found


@pytest.mark.usefixtures("words_only")
@pytest.mark.parametrize(
    ("scores", "title"),
    [
        (
            {"ensemble": (0.9, 0.01), "forest": (0.8, 0.01)},
            "our ensemble with 0.90, before random forest (baseline) with 0.80",
        ),
        (
            {"ensemble": (0.805, 0.01), "bayes": (0.81, 0.01)},
            "naive Bayes with 0.81, before our ensemble with 0.81; the lead may be chance",
        ),
    ],
)
def test_title_of_the_models_follows_from_their_scores(
    report: Report, scores: dict[str, tuple[float, float]], title: str
) -> None:
    task = with_scores(report.tasks[0], scores)
    found = titles(page(changed(report, "study", models=task.models)))
    assert f"Best on three genres: {title}" in found


@pytest.mark.usefixtures("words_only")
@pytest.mark.parametrize(
    ("confusion", "title"),
    [
        (
            ((90, 5, 5), (5, 90, 5), (60, 0, 40)),
            "electronic taken for rock: 60 % of electronic songs, as in the original study",
        ),
        (
            ((50, 45, 5), (5, 90, 5), (10, 0, 90)),
            "rock taken for hip-hop: 45 % of rock songs; in the original study it was electronic",
        ),
    ],
)
def test_story_of_the_confusion_matrix_follows_from_it(
    report: Report, confusion: tuple[tuple[int, ...], ...], title: str
) -> None:
    models = tuple(
        one.model_copy(update={"confusion": confusion}) for one in report.tasks[0].models
    )
    found = " ".join(titles(page(changed(report, "study", models=models))))
    assert f"The main error is {title}" in found


@pytest.mark.usefixtures("words_only")
@pytest.mark.parametrize(
    ("noisy", "hard", "word"),
    [(0.5, 0.4, "gains"), (0.4, 0.5, "loses"), (0.4, 0.4, "nothing"), (0.412, 0.4, "nothing")],
)
def test_gain_of_noisy_labels_is_told_as_measured(
    report: Report, noisy: float, hard: float, word: str
) -> None:
    labels = tuple(
        rescored(one, score)
        for one, score in zip(report.checks["labels"], (noisy, hard), strict=True)
    )
    found = page(report.model_copy(update={"checks": {"labels": labels}}))
    assert any("labels at their word" in title and word in title for title in titles(found))


def rescored(condition: Condition, score: float) -> Condition:
    return condition.model_copy(
        update={"figures": replace(condition.figures, weighted_f1=score), "gap_error": 0.007}
    )


@pytest.mark.usefixtures("words_only")
def test_most_surprising_label_makes_the_title(report: Report) -> None:
    pop = LabelMeaning(
        table="classic_hits",
        label="Pop",
        genre="pop",
        songs=900,
        shares={"rock": 0.4, "pop": 0.2, "r&b": 0.4},
    )
    ska = LabelMeaning(table="curated", label="ska", genre="reggae", songs=900, shares={"rock": 1})
    rock = LabelMeaning(table="fma", label="Rock", genre="rock", songs=900, shares={"rock": 1.0})
    found = titles(page(report.model_copy(update={"meanings": (rock, pop, ska)})))
    assert "A label is an opinion: “Pop” in classic hits is 40 % rock" in found


@pytest.mark.usefixtures("words_only")
def test_report_of_few_models_says_less(report: Report) -> None:
    tasks = tuple(
        one.model_copy(update={"models": one.models[:1], "best_of_study": ""})
        for one in report.tasks
    )
    few = report.model_copy(
        update={
            "tasks": tuple(one.model_copy(update={"mistakes": ()}) for one in tasks),
            "checks": {},
            "songs": (),
            "meanings": (),
            "typical": {},
            "verdicts": {},
        }
    )
    html = page(few)
    assert "this report is about other songs" in html
    for section in ("labels", "mistakes", "three"):
        assert f'id="{section}"' not in html
        assert f'href="#{section}"' not in html


@pytest.mark.usefixtures("words_only")
def test_verdicts_are_those_of_the_shipped_models(report: Report) -> None:
    shipped = BundleStore(SHIPPED).load("wide").metadata.verdicts
    assert report.verdicts["wide"] == shipped
    html = page(report)
    plain_share = f"{shipped['plain'].accuracy or 0:.0%}".replace("%", " %")
    assert f"When the bot answers plainly, it is right {plain_share} of the time" in titles(html)


@pytest.mark.usefixtures("words_only")
@pytest.mark.parametrize(
    ("count", "words"),
    [
        (7, "and no to the typical country song, so all agree"),
        (3, "and four to the typical country song, so it takes a model to weigh them"),
    ],
)
def test_features_are_weighed_only_if_they_disagree(
    report: Report, monkeypatch: pytest.MonkeyPatch, count: int, words: str
) -> None:
    monkeypatch.setattr(facts, "nearer", lambda *_: RADAR[:count])
    song = report.songs[0]
    features = {name: value for name, value in song.features.items() if name != "year"}
    undated = song.model_copy(update={"features": features})
    html = plain(page(report.model_copy(update={"songs": (undated,)})))
    assert words in html
    assert "By its sound it is" in html


@pytest.mark.usefixtures("words_only")
def test_doubts_follow_from_the_data(report: Report) -> None:
    sources = tuple(
        one.model_copy(update={"newest_year": {"fma": None}.get(one.name, 2019)})
        for one in report.sources
    )
    label = LabelMeaning(table="fma", label="Rock", genre="rock", songs=900, shares={"pop": 1.0})
    change = {"sources": sources, "meanings": (label,)}
    html = plain(page(report.model_copy(update=change)))
    assert "none of a later year than 2019" in html
    assert "The tables Free Music Archive have no years" in html
    assert f"about {100 * ARTIST_ACCURACY:.0f} % of cases" in html
    assert "Spotify's lists" in html
    assert "partly circular" in html


@pytest.mark.usefixtures("words_only")
def test_names_of_songs_cannot_break_the_page(report: Report) -> None:
    evil = "</script><script>alert(1)</script>"
    mistakes = tuple(one.model_copy(update={"artist": evil}) for one in report.tasks[0].mistakes)
    html = page(changed(report, "study", mistakes=mistakes))
    assert evil not in html
    assert "&lt;/script&gt;" in html


@pytest.mark.usefixtures("words_only")
def test_quick_run_says_that_it_is_no_result(report: Report) -> None:
    assert "its figures are no results" in page(report)
    full = report.run.model_copy(update={"quick": False})
    assert "its figures are no results" not in page(report.model_copy(update={"run": full}))
