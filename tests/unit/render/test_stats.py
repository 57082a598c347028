import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageColor

from bot import texts
from bot.domain.cards import Theme
from bot.domain.statistics import WorkspaceStats
from bot.render.palette import PALETTES
from bot.render.portrait import CIRCLE
from bot.render.radar import radar
from bot.render.scene import Pill, Scene, Stroke, Text
from bot.render.stats import compose, draw, genre_bars
from bot.texts import numbers
from model.genres import WIDE
from model.schema import RADAR
from tests.unit.render.layout import (
    DARK,
    MAX_FILE_SIZE,
    MIN_FONT_SIZE,
    filled_bars,
    min_font_size,
    outside_margin,
    overlaps,
    text_of,
)

MakeStats = Callable[..., WorkspaceStats]
TYPICAL = dict.fromkeys(RADAR, 0.4)
ALL_GENRES = {genre: 26 - 2 * rank for rank, genre in enumerate(WIDE)}
LONGEST_FIRST = sorted(WIDE, key=len, reverse=True)


def scene(stats: WorkspaceStats) -> Scene:
    return compose(stats, TYPICAL, Theme.DARK)


@pytest.mark.parametrize("theme", Theme)
def test_picture_is_an_opaque_png_with_the_themes_background(
    make_stats: MakeStats, theme: Theme
) -> None:
    file = draw(make_stats(ALL_GENRES), TYPICAL, theme)
    with Image.open(io.BytesIO(file)) as picture:
        assert (picture.format, picture.mode, picture.width) == ("PNG", "RGB", 1000)
        assert picture.height < 1400
        assert picture.getpixel((0, 0)) == ImageColor.getrgb(PALETTES[theme].background)
    assert len(file) < MAX_FILE_SIZE


def test_bytes_depend_on_the_statistics_only(make_stats: MakeStats) -> None:
    first = draw(make_stats(), TYPICAL, Theme.DARK)
    assert first == draw(make_stats(), TYPICAL, Theme.DARK)
    assert first != draw(make_stats(agreed=11), TYPICAL, Theme.DARK)
    assert first != draw(make_stats(), TYPICAL | {"energy": 0.9}, Theme.DARK)


def test_mean_features_are_drawn_over_the_typical_ones_in_the_top_genres_colour(
    make_stats: MakeStats, values: dict[str, float]
) -> None:
    expected = tuple(radar(values, TYPICAL, DARK, DARK.accent("folk"), circle=CIRCLE))
    assert scene(make_stats()).shapes[: len(expected)] == expected


def test_legend_names_the_most_common_genre(make_stats: MakeStats) -> None:
    labels = text_of(scene(make_stats({"jazz": 3, "rock": 2})))
    assert {numbers.SONGS_HERE, "typical jazz"} <= set(labels)


def test_bars_are_shares_of_all_tracks_and_only_the_first_is_highlighted(
    make_stats: MakeStats,
) -> None:
    found = scene(make_stats({"folk": 6, "jazz": 3, "rock": 1}))
    full = next(s.width for s in found.shapes if isinstance(s, Pill) and s.colour == DARK.track)
    assert [pill.width / full for pill in filled_bars(found)] == pytest.approx([0.6, 0.3, 0.1])
    assert [pill.colour for pill in filled_bars(found)] == [
        DARK.accent("folk"),
        DARK.plain,
        DARK.plain,
    ]
    assert {"folk", "6", "jazz", "3", "rock", "1"} <= set(text_of(found))


def test_genres_beyond_six_share_a_bar() -> None:
    *named, others = genre_bars(ALL_GENRES)
    assert [bar.name for bar in named] == list(WIDE[:6])
    assert (others.name, others.figure) == ("7 others", str(sum(list(ALL_GENRES.values())[6:])))
    assert not others.highlighted
    assert sum(bar.length for bar in (*named, others)) == pytest.approx(1)


def test_single_remaining_genre_has_its_own_bar() -> None:
    assert [bar.name for bar in genre_bars(dict.fromkeys(WIDE[:7], 2))] == list(WIDE[:7])


def test_tracks_answers_and_votes_are_drawn(make_stats: MakeStats) -> None:
    labels = text_of(scene(make_stats(answers=1234)))
    assert labels[-4:] == ["10 tracks", "1,234 answers", "Agreed", "12 of 15 votes"]


def test_single_track_and_no_votes(make_stats: MakeStats) -> None:
    labels = text_of(scene(make_stats({"jazz": 1}, answers=1, votes=0, agreed=0)))
    assert labels[-3:] == ["1 track", "1 answer", "No votes yet"]


def test_single_vote_is_singular(make_stats: MakeStats) -> None:
    assert text_of(scene(make_stats(votes=1, agreed=1)))[-1] == "1 of 1 vote"


@pytest.mark.parametrize(
    ("count", "labels"),
    [(0, "0"), (9_999, "9,999"), (10_000, "10k"), (99_999, "99k"), (1_234_567, "1,234k")],
)
def test_large_counts_are_abbreviated_and_rounded_down(count: int, labels: str) -> None:
    assert numbers.short_count(count) == labels


def test_feature_missing_from_all_tracks_is_a_question_mark(
    make_stats: MakeStats, values: dict[str, float]
) -> None:
    del values["liveness"]
    found = scene(make_stats(features=values))
    assert text_of(found).count("?") == 1
    assert draw(make_stats(features=values), TYPICAL, Theme.DARK)


def test_workspace_without_answers_gives_an_empty_picture(make_stats: MakeStats) -> None:
    nothing = make_stats({}, answers=0, votes=0, agreed=0, features={})
    found = compose(nothing, {}, Theme.DARK)
    assert text_of(found).count("?") == len(RADAR)
    assert not filled_bars(found)
    assert not any("typical" in word for word in text_of(found))
    assert not [s for s in found.shapes if isinstance(s, Stroke) and s.colour == DARK.muted]
    assert draw(nothing, {}, Theme.DARK)


@given(
    first=st.sampled_from(WIDE),
    genres=st.integers(1, len(WIDE)),
    count=st.sampled_from([1, 99_999]),
    features=st.dictionaries(st.sampled_from(RADAR), st.floats(0, 1)),
)
def test_any_statistics_keep_margin_and_distances_and_are_legible_on_a_phone(
    first: str, genres: int, count: int, features: dict[str, float]
) -> None:
    names = [first, *(genre for genre in LONGEST_FIRST if genre != first)][:genres]
    tracks = dict.fromkeys(names, count)
    found = scene(WorkspaceStats(count, sum(tracks.values()), count, count, (), tracks, features))
    assert {first, f"typical {first}", *(texts.LABELS[name] for name in RADAR)} <= set(
        text_of(found)
    )
    assert not list(overlaps(found))
    assert not outside_margin(found)
    assert min_font_size(found) >= MIN_FONT_SIZE


def test_genre_without_a_colour_is_neutral(make_stats: MakeStats) -> None:
    found = scene(make_stats({"vaporwave": 2}))
    assert [pill.colour for pill in filled_bars(found)] == [DARK.neutral]
    (name,) = [s for s in found.shapes if isinstance(s, Text) and s.text == "vaporwave"]
    assert name.bold
