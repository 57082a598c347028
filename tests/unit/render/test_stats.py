import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageColor

from bot import texts
from bot.domain.cards import Theme
from bot.domain.statistics import WorkspaceStats
from bot.render.palette import PALETTES
from bot.render.radar import radar
from bot.render.scene import Pill, Scene, Stroke, Text
from bot.render.stats import compose, counts, draw
from bot.texts import numbers
from model.genres import WIDE
from model.schema import RADAR
from tests.unit.render.layout import (
    DARK,
    LARGEST_FILE,
    SMALLEST_TYPE,
    clashes,
    filled,
    outside,
    smallest_type,
    written,
)

MakeStats = Callable[..., WorkspaceStats]
TYPICAL = dict.fromkeys(RADAR, 0.4)
ALL = {genre: 26 - 2 * rank for rank, genre in enumerate(WIDE)}
LONGEST_FIRST = sorted(WIDE, key=len, reverse=True)


def scene(stats: WorkspaceStats) -> Scene:
    return compose(stats, TYPICAL, Theme.DARK)


@pytest.mark.parametrize("theme", Theme)
def test_it_is_a_png_like_a_chart(make_stats: MakeStats, theme: Theme) -> None:
    file = draw(make_stats(ALL), TYPICAL, theme)
    with Image.open(io.BytesIO(file)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (1000, 560))
        assert picture.getpixel((0, 0)) == ImageColor.getrgb(PALETTES[theme].background)
    assert len(file) < LARGEST_FILE


def test_the_same_figures_give_the_same_bytes_and_others_do_not(make_stats: MakeStats) -> None:
    first = draw(make_stats(), TYPICAL, Theme.DARK)
    assert first == draw(make_stats(), TYPICAL, Theme.DARK)
    assert first != draw(make_stats(agreed=11), TYPICAL, Theme.DARK)
    assert first != draw(make_stats(), TYPICAL | {"energy": 0.9}, Theme.DARK)


def test_the_mean_song_stands_before_the_typical_one_in_the_commonest_genres_colour(
    make_stats: MakeStats, values: dict[str, float]
) -> None:
    expected = tuple(radar(values, TYPICAL, DARK, DARK.accent("folk")))
    assert scene(make_stats()).shapes[: len(expected)] == expected


def test_the_legend_names_the_commonest_genre(make_stats: MakeStats) -> None:
    words = written(scene(make_stats({"jazz": 3, "rock": 2})))
    assert {numbers.SONGS_HERE, "typical jazz"} <= set(words)


def test_bars_are_shares_of_all_tracks_and_only_the_first_has_the_accent(
    make_stats: MakeStats,
) -> None:
    found = scene(make_stats({"folk": 6, "jazz": 3, "rock": 1}))
    full = next(s.width for s in found.shapes if isinstance(s, Pill) and s.colour == DARK.track)
    assert [pill.width / full for pill in filled(found)] == pytest.approx([0.6, 0.3, 0.1])
    assert [pill.colour for pill in filled(found)] == [DARK.accent("folk"), DARK.plain, DARK.plain]
    assert {"folk", "6", "jazz", "3", "rock", "1"} <= set(written(found))


def test_beyond_six_genres_the_others_share_a_bar() -> None:
    *named, others = counts(ALL)
    assert [bar.name for bar in named] == list(WIDE[:6])
    assert (others.name, others.figure) == ("7 others", str(sum(list(ALL.values())[6:])))
    assert not others.stressed
    assert sum(bar.length for bar in (*named, others)) == pytest.approx(1)


def test_a_seventh_genre_takes_the_place_of_the_others() -> None:
    assert [bar.name for bar in counts(dict.fromkeys(WIDE[:7], 2))] == list(WIDE[:7])


def test_tracks_answers_and_votes_are_figures(make_stats: MakeStats) -> None:
    words = written(scene(make_stats(answers=1234)))
    assert words[-4:] == ["10 tracks", "1,234 answers", "Agreed", "12 of 15 votes"]


def test_one_track_and_no_votes_are_said_in_words(make_stats: MakeStats) -> None:
    words = written(scene(make_stats({"jazz": 1}, answers=1, votes=0, agreed=0)))
    assert words[-3:] == ["1 track", "1 answer", "No votes yet"]


def test_one_vote_is_no_plural(make_stats: MakeStats) -> None:
    assert written(scene(make_stats(votes=1, agreed=1)))[-1] == "1 of 1 vote"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0"), (9_999, "9,999"), (10_000, "10k"), (99_999, "99k"), (1_234_567, "1,234k")],
)
def test_a_large_count_is_short_and_never_too_large(count: int, words: str) -> None:
    assert numbers.short_count(count) == words


def test_a_feature_that_no_track_has_is_a_question_mark(
    make_stats: MakeStats, values: dict[str, float]
) -> None:
    del values["liveness"]
    found = scene(make_stats(features=values))
    assert written(found).count("?") == 1
    assert draw(make_stats(features=values), TYPICAL, Theme.DARK)


def test_nothing_asked_yet_is_an_empty_picture(make_stats: MakeStats) -> None:
    nothing = make_stats({}, answers=0, votes=0, agreed=0, features={})
    found = compose(nothing, {}, Theme.DARK)
    assert written(found).count("?") == len(RADAR)
    assert not filled(found)
    assert not any("typical" in word for word in written(found))
    assert not [s for s in found.shapes if isinstance(s, Stroke) and s.colour == DARK.plain]
    assert draw(nothing, {}, Theme.DARK)


@pytest.mark.parametrize("first", WIDE)
@pytest.mark.parametrize("genres", [1, 5, 6, 13])
@pytest.mark.parametrize("count", [1, 99_999])
def test_nothing_runs_into_anything_or_out_of_the_frame(
    make_stats: MakeStats, first: str, genres: int, count: int
) -> None:
    names = [first, *(genre for genre in LONGEST_FIRST if genre != first)][:genres]
    found = scene(
        make_stats(
            dict.fromkeys(names, count),
            answers=count,
            votes=count,
            agreed=count,
            features=dict.fromkeys(RADAR, 1.0),
        )
    )
    assert {first, f"typical {first}", *(texts.LABELS[name] for name in RADAR)} <= set(
        written(found)
    )
    assert not list(clashes(found))
    assert not outside(found)
    assert smallest_type(found) >= SMALLEST_TYPE


def test_a_genre_new_to_the_palette_is_neutral(make_stats: MakeStats) -> None:
    found = scene(make_stats({"vaporwave": 2}))
    assert [pill.colour for pill in filled(found)] == [DARK.neutral]
    (name,) = [s for s in found.shapes if isinstance(s, Text) and s.text == "vaporwave"]
    assert name.bold
