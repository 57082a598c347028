"""The page with two versions compared: one file, accessible, escaped, without script."""

import html
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from bot.domain.model_comparison import ModelComparison
from bot.render.model_page import MOST_SONGS, comparison_page
from bot.texts import model_comparison as words
from tests.support.model_comparisons import BARE, COMPARISON, LONG_TITLE, B


class Tags(HTMLParser):
    """Collects the tags, and the text of each caption."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)


@pytest.fixture(scope="module")
def page() -> str:
    return comparison_page(COMPARISON)


def test_nothing_is_loaded_and_nothing_runs(page: str) -> None:
    tags = Tags(page)
    assert not {name for name, _ in tags.tags} & {"script", "link", "img", "iframe", "object"}
    assert not [about for _, about in tags.tags if {"src", "href", "onclick"} & set(about)]
    assert "url(" not in page
    assert "@import" not in page


def test_every_table_has_a_caption_and_every_row_a_header(page: str) -> None:
    tags = Tags(page)
    assert tags.count("table") == tags.count("caption") == 7
    assert tags.count("h1") == 1
    scopes = [about.get("scope") for name, about in tags.tags if name == "th"]
    assert set(scopes) == {"row", "col"}
    assert scopes.count("row") == tags.count("tr") - tags.count("thead")


def test_a_change_can_be_read_without_colours(page: str) -> None:
    assert "41\N{NO-BREAK SPACE}% → 55\N{NO-BREAK SPACE}%" in page
    assert '<span class="hidden">more</span>' in page
    assert '<span class="hidden">less</span>' in page
    assert '<span class="hidden">unchanged</span>' in page
    assert "Passed" in page
    assert "Failed" in page


def test_percentages_are_written_alike(page: str) -> None:
    text = re.sub(r"<[^>]*>", "", page.split("</style>")[1])
    assert set(re.findall(r"\d([^\d%]?)%", text)) == {"\N{NO-BREAK SPACE}"}
    assert "48\N{NO-BREAK SPACE}%, 36\N{NO-BREAK SPACE}% before" in text


def test_every_term_has_a_name_and_all_reasons_are_listed(page: str) -> None:
    assert not re.findall(r"<dt>\s*</dt>", page)
    assert page.count(f"<dt>{words.PAGE['why']}</dt>") == 2
    assert all(reason in html.unescape(page) for reason in B.reasons)


def test_titles_are_never_markup(page: str) -> None:
    assert "<b>" in LONG_TITLE
    assert "<b>" not in page
    assert "&lt;b&gt;DJ &amp; Friends&lt;/b&gt;" in page


def test_versions_without_anything_to_compare_have_sentences_instead() -> None:
    page = comparison_page(BARE)
    for sentence in (words.NO_GENRES, words.NO_SONGS, words.NO_REPORT, words.NO_FIGURES):
        assert sentence in page
    assert "<table" not in page


def test_long_lists_are_cut_and_the_page_says_so() -> None:
    many = replace(COMPARISON, songs=COMPARISON.songs[:1] * (MOST_SONGS + 1234))
    page = comparison_page(many)
    assert page.count("Feeling Good") == MOST_SONGS
    assert "1,234 more songs" in page


def test_bars_stay_within_their_track(page: str) -> None:
    places = [float(text) for text in re.findall(r"left:([0-9.]+)%", page)]
    assert places
    assert all(0 <= place <= 100 for place in places)


@pytest.mark.parametrize("comparison", [COMPARISON, BARE], ids=["full", "bare"])
def test_the_same_comparison_gives_the_same_page(comparison: ModelComparison) -> None:
    assert comparison_page(comparison) == comparison_page(comparison)
