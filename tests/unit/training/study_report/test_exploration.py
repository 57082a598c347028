import numpy as np
import pandas as pd
import pytest

from model.schema import CORE
from training import json_codec
from training.split import Side
from training.study.exploration import BINS, Exploration, Separation, explore
from training.tasks import TASKS, Task

STUDY = next(task for task in TASKS if task.name == "study")


@pytest.fixture(scope="session")
def explored(made_up: pd.DataFrame) -> Exploration:
    return explore(made_up, STUDY)


def separation(explored: Exploration, feature: str, genre: str) -> float:
    (found,) = (
        one.auc for one in explored.separations if (one.feature, one.genre) == (feature, genre)
    )
    return found


def test_means_and_quantiles_are_of_the_training_side(
    explored: Exploration, made_up: pd.DataFrame
) -> None:
    rows = made_up[(made_up["side"] == Side.TRAIN) & (made_up["genre"] == "rock")]
    (energy,) = (
        one for one in explored.distributions if (one.feature, one.genre) == ("energy", "rock")
    )

    assert energy.songs == explored.songs["rock"] == len(rows)
    assert energy.mean == pytest.approx(rows["energy"].mean(), abs=1e-4)
    assert energy.quantiles[2] == pytest.approx(rows["energy"].median(), abs=1e-4)
    assert len(energy.histogram) == BINS
    assert sum(energy.histogram) == pytest.approx(1, abs=0.01)


def test_test_songs_have_no_effect(made_up_rows: pd.DataFrame, explored: Exploration) -> None:
    made_up_rows.loc[made_up_rows["side"] == Side.TEST, "energy"] = 0.0

    assert explore(made_up_rows, STUDY) == explored


def test_same_seed_gives_the_same_exploration(explored: Exploration, made_up: pd.DataFrame) -> None:
    assert explore(made_up, STUDY) == explored


def test_distinctive_feature_separates_a_genre(explored: Exploration) -> None:
    assert separation(explored, "energy", "rock") > 0.85
    assert separation(explored, "danceability", "hip-hop") > 0.85
    assert separation(explored, "liveness", "rock") == pytest.approx(0.5, abs=0.06)


def test_separation_weights_other_genres_equally() -> None:
    rows = pd.DataFrame(
        {
            "genre": ["rock"] * 10 + ["hip-hop"] * 10 + ["electronic"] * 40,
            "energy": np.r_[np.linspace(0.5, 0.6, 10), np.full(10, 0.9), np.full(40, 0.1)],
        }
    )
    rng = np.random.default_rng(0)
    for name in STUDY.features:
        if name != "energy":
            rows[name] = rng.random(len(rows))
    rows["table"], rows["side"], rows["artist"] = "fma", Side.TRAIN, ""
    rows["upload"] = [f"upload {number}" for number in range(len(rows))]
    rows["recording"] = rows["upload"]

    explored = explore(rows, STUDY)

    # Above all of electronic, below all of hip-hop; the number of electronic songs has no effect.
    assert Separation("energy", "rock", 0.5) in explored.separations
    assert Separation("energy", "hip-hop", 1.0) in explored.separations
    assert Separation("energy", "electronic", 0.0) in explored.separations


def test_different_genres_overlap_less_than_similar_genres(
    made_up_rows: pd.DataFrame,
) -> None:
    alike = made_up_rows["genre"] == "rock"
    made_up_rows.loc[alike, "energy"] = np.random.default_rng(1).random(alike.sum())

    overlaps = {(one.first, one.second): one for one in explore(made_up_rows, STUDY).overlaps}

    assert set(overlaps) == {
        ("rock", "hip-hop"),
        ("rock", "electronic"),
        ("hip-hop", "electronic"),
    }
    assert overlaps["rock", "electronic"].overlap > 0.7
    assert overlaps["rock", "hip-hop"].overlap < 0.4
    assert overlaps["rock", "hip-hop"].feature == "danceability"
    assert overlaps["rock", "hip-hop"].auc < 0.3


def test_feature_missing_in_a_genre_is_left_out_for_that_genre(
    made_up_rows: pd.DataFrame,
) -> None:
    wide = next(task for task in TASKS if task.name == "wide")
    made_up_rows.loc[made_up_rows["genre"] == "rock", "loudness"] = np.nan

    explored = explore(made_up_rows, wide.narrowed(made_up_rows, strict=False))

    genres = {one.genre for one in explored.distributions if one.feature == "loudness"}
    assert genres == {"hip-hop", "electronic"}
    assert ("loudness", "rock") not in {(one.feature, one.genre) for one in explored.separations}


def test_feature_with_too_few_songs_is_left_out(made_up_rows: pd.DataFrame) -> None:
    made_up_rows.loc[made_up_rows.index[5:], "loudness"] = np.nan
    wide = next(task for task in TASKS if task.name == "wide")

    explored = explore(made_up_rows, wide.narrowed(made_up_rows, strict=False))

    assert "loudness" not in {axis.feature for axis in explored.axes}


def test_monotonic_features_have_rank_correlation_one(made_up_rows: pd.DataFrame) -> None:
    made_up_rows["valence"] = made_up_rows["liveness"] ** 3

    explored = explore(made_up_rows, STUDY)

    names = [axis.feature for axis in explored.axes]
    assert explored.correlation[names.index("valence")][names.index("liveness")] == 1.0
    assert explored.correlation[names.index("valence")][names.index("tempo")] == pytest.approx(
        0, abs=0.15
    )


def test_categorical_features_are_not_described(made_up: pd.DataFrame) -> None:
    task = Task("wide", STUDY.genres, (*CORE, "key", "mode"), STUDY.tables)

    assert [axis.feature for axis in explore(made_up, task).axes] == list(CORE)


def test_exploration_round_trips_through_json(explored: Exploration) -> None:
    assert json_codec.loads(Exploration, json_codec.dumps(explored)) == explored


@pytest.mark.training
def test_findings_on_the_real_tables(real_rows: pd.DataFrame) -> None:
    explored = explore(real_rows, STUDY)

    assert [one.verdict for one in explored.findings] == [
        "confirmed",
        "confirmed",
        "confirmed",
        "partly confirmed",
        "confirmed",
        "confirmed",
    ]
