"""Names of a table's columns: which spellings are a feature, and which column is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.column_names import read_name
from model.columns import find, kept, recognised
from model.errors import BadTable
from model.schema import CORE, INPUT_NAMES, NAMES

UNITS = {"tempo": ["", "BPM"], "loudness": ["", "dB"], "duration_ms": ["ms", "milliseconds"]}
PREFIXES = ["", "track", "audio_features", "audioFeatures", "Spotify Track", "track.audio_features"]


def feature_and_scale(title: str) -> tuple[str, float] | None:
    name = read_name(title)
    return None if name is None else (name.feature.name, name.unit.scale)


@pytest.mark.parametrize(
    ("title", "feature", "scale"),
    [
        ("Danceability", "danceability", 1),
        ("DANCEABILITY", "danceability", 1),
        ("Duration (ms)", "duration_ms", 1),
        ("Track Duration [ms]", "duration_ms", 1),
        ("DurationMS", "duration_ms", 1),
        ("durationms", "duration_ms", 1),
        ("durationMs", "duration_ms", 1),
        ("trackDurationMs", "duration_ms", 1),
        ("durationS", "duration_ms", 1000),
        ("duration-ms", "duration_ms", 1),
        ("duration in milliseconds", "duration_ms", 1),
        ("track.duration_ms", "duration_ms", 1),
        ("spotify_track_duration_ms", "duration_ms", 1),
        ("audio_features.tempo", "tempo", 1),
        ("audioFeatures/tempo", "tempo", 1),
        ("Tempo (BPM)", "tempo", 1),
        ("tempo in beats per minute", "tempo", 1),
        ("bpm", "tempo", 1),
        ("tempo_spotify", "tempo", 1),
        ("Loudness (dB)", "loudness", 1),
        ("Energy (0-1)", "energy", 1),
        ("Energy (0.0 to 1.0)", "energy", 1),
        ("Energy (0-100)", "energy", 0.01),
        ("energy_%", "energy", 0.01),
        ("Energy (percent)", "energy", 0.01),
        ("duration_s", "duration_ms", 1000),
        ("Duration (seconds)", "duration_ms", 1000),
        ("Duration (min)", "duration_ms", 60000),
        ("Duration (mm:ss)", "duration_ms", 1000),
        ("Year", "year", 1),
        ("releaseYear", "year", 1),
        ("release_date", "year", 1),
        ("Year of release", "year", 1),
        ("year_of_first_release", "year", 1),
        ("Date of Release", "year", 1),
        ("track_album_release_date", "year", 1),
    ],
)
def test_spelling_is_read(title: str, feature: str, scale: float) -> None:
    assert feature_and_scale(title) == (feature, scale)


@pytest.mark.parametrize(
    "title",
    [
        *("energy_rank", "key_confidence", "mode_name", "key_mode", "danceability_percentile"),
        *("Duration", "durations", "duration_m", "duration_m_s", "duration (frames)", "track"),
        *("album.duration_ms", "target_energy", "min_tempo", "energy_x", "energy.1", "energy_01"),
        *("energy_0_1", "1-energy2", "log(tempo)", "energy^2", "tempo_ms", "Energy (-1-1)", "keys"),
        *("Energy (0-10)", "loudness_%", "time_signature", "track_popularity", "spotify", "", "()"),
        *("year_end", "birth_year", "years", "release", "Year (0-1)", "date"),
    ],
)
def test_other_columns_are_not_read(title: str) -> None:
    assert read_name(title) is None


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """Return a feature and a spelling: prefix, name and unit in some case, with separators."""
    feature = draw(st.sampled_from(NAMES))
    separator = draw(st.sampled_from(["_", " ", "-", "."]))
    prefix = draw(st.sampled_from(PREFIXES))
    unit = draw(st.sampled_from(UNITS.get(feature, [""])))
    unit = draw(st.sampled_from([f" ({unit})", f" [{unit}]", f"{separator}{unit}"])) if unit else ""
    title = f"{prefix}{separator if prefix else ''}{feature.removesuffix('_ms')}{unit}"
    return feature, draw(st.sampled_from([title, title.upper(), title.lower(), title.title()]))


@given(spellings())
def test_every_accepted_spelling_is_its_feature(case: tuple[str, str]) -> None:
    feature, title = case
    assert feature_and_scale(title) == (feature, 1)


@given(st.sampled_from(NAMES), st.lists(st.booleans(), min_size=20, max_size=20))
def test_letter_case_does_not_matter(name: str, upper: list[bool]) -> None:
    title = "".join(c.upper() if up else c for c, up in zip(name, upper, strict=False))
    assert feature_and_scale(title) == (name, 1)


@given(st.sampled_from(NAMES), st.from_regex(r"[a-z]{3,12}", fullmatch=True))
def test_another_word_makes_another_column(name: str, word: str) -> None:
    known = ("spotify", "echonest", "reccobeats", "percent", "pct", "bpm", "dbfs", "decibels")
    if word not in known:
        assert read_name(f"{name}_{word}") is None


@given(st.text())
def test_any_text_is_a_name_or_none(title: str) -> None:
    assert (name := read_name(title)) is None or name.feature.name in INPUT_NAMES


@pytest.mark.parametrize(
    ("feature", "better", "worse"),
    [
        ("energy", "energy", "Energy"),
        ("energy", "Energy", "track.energy"),
        ("energy", "track.energy", "Energy (%)"),
        ("duration_ms", "Duration (ms)", "Duration (s)"),
        ("tempo", "tempo", "bpm"),
        ("year", "year", "Year"),
        ("year", "Year", "release_year"),
        ("year", "release_year", "release_date"),
        ("year", "release_date", "album_release_date"),
    ],
)
def test_the_closer_name_wins(feature: str, better: str, worse: str) -> None:
    others = [name for name in CORE if name != feature]
    for pair in ([better, worse], [worse, better]):
        columns = find([*pair, *others], [feature, *others])
        column = columns.found[0]
        assert column is not None
        assert column.title == better


@pytest.mark.parametrize("pair", [("Energy", "ENERGY"), ("track.energy", "audio.energy")])
def test_two_names_that_are_equally_close_are_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(BadTable) as raised:
        find([*pair, "tempo", "valence", "liveness"], CORE)
    assert all(repr(title) in str(raised.value) for title in pair)


def test_key_with_a_prefix_is_read_only_where_a_core_column_has_it() -> None:
    core = ["energy", "tempo", "valence", "liveness"]
    assert "key" in find([*core, "track_key"], NAMES).missing
    prefixed = [f"track_{name}" for name in (*core, "key")]
    assert "key" not in find(prefixed, NAMES).missing


def test_missing_features_and_a_duration_without_unit_are_named() -> None:
    columns = find([*CORE, "key", "Duration"], NAMES)
    assert columns.missing == ("loudness", "mode", "duration_ms")
    assert columns.without_unit == ("Duration",)
    assert find([*CORE, "Duration", "duration_s"], NAMES).without_unit == ()


def test_too_few_core_columns_are_refused_with_what_was_expected_and_found() -> None:
    header = ["Energy", "loudness", "key", "mode", *(f"column {i}" for i in range(30))]
    with pytest.raises(BadTable) as raised:
        find(header, NAMES)
    message = str(raised.value)
    assert "has 1 of the columns danceability, energy" in message
    assert "'Energy', 'loudness', 'key'" in message
    assert "and 22 more" in message
    with pytest.raises(BadTable, match="has none of the columns"):
        find(["title", "x" * 1000], NAMES)


def test_features_of_a_header_are_counted_once() -> None:
    assert recognised(["energy", "Energy", "title", "key"]) == 2


@pytest.mark.parametrize(
    ("names", "indices"),
    [
        (["title"], (1,)),
        (["TITLE", "id"], (1, 0)),
        (["title,id", "title"], (1, 0)),
        (["last, first", "id"], (2, 0)),
        (["all"], (0, 1, 2, 3)),
        (["Id"], (3,)),
        ([], ()),
    ],
)
def test_kept_columns_are_found(names: list[str], indices: tuple[int, ...]) -> None:
    assert kept(["id", "title", "last, first", "Id"], names) == indices


def test_unknown_and_ambiguous_kept_columns_are_refused_by_name() -> None:
    with pytest.raises(BadTable, match="no column 'artist' to keep; the columns are 'id', 'a'"):
        kept(["id", "a"], ["id,artist"])
    with pytest.raises(BadTable, match="'a' to keep is in the header 2 times"):
        kept(["a", "id", "a"], ["a"])
