"""A small model that has learnt one genre as another, and corrections of it."""

import numpy as np
import pandas as pd

from model.genres import STUDY
from tests.unit.training.made_up import PLAN, TASK
from training.calibrated_model import CalibratedModel, fit_calibrated
from training.evaluation import codes, truth_rows
from training.features import matrix
from training.retrain.fine_tune import Corrections, Settings
from training.split import Side

WRONG, TAKEN_FOR = "electronic", "rock"
QUICK = Settings(epochs=16, steps=16, drawn=128, corrected=64, rate=2e-2)


def mislabelled(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with all labels of one genre as another."""
    names = {WRONG: TAKEN_FOR}
    wrong = {name: rows[name].replace(names) for name in ("genre", "artist_genre")}
    shares = [
        {names.get(genre, genre): share for genre, share in known.items()} if known else None
        for known in rows["artist_shares"]
    ]
    label = rows["label"].str.replace(f": {WRONG}", f": {TAKEN_FOR}")
    return rows.assign(
        **wrong, label=label, artist_shares=pd.Series(shares, rows.index, dtype=object)
    )


def wrong_model(rows: pd.DataFrame) -> CalibratedModel:
    """Fit a model that never predicts `WRONG`, one of its outputs."""
    return fit_calibrated(mislabelled(rows), TASK, PLAN, seed=1)


def corrections(rows: pd.DataFrame, genre: str = WRONG) -> Corrections:
    """Return the songs of a genre on the training side as corrected songs."""
    own = truth_rows(rows, TASK, Side.TRAIN)
    own = own[own["truth"] == genre]
    index = np.full(len(own), STUDY.index(genre), np.intp)
    return Corrections(matrix(own), index, np.ones(len(own)))


def f1(
    predicted: np.ndarray[tuple[int], np.dtype[np.intp]], rows: pd.DataFrame
) -> dict[str, float]:
    """Return the F1 of each genre on the test songs, 0-100."""
    truth = codes(truth_rows(rows, TASK)["truth"], STUDY)
    found = {}
    for number, genre in enumerate(STUDY):
        hits = ((predicted == number) & (truth == number)).sum()
        found[genre] = 200 * float(hits) / ((predicted == number).sum() + (truth == number).sum())
    return found
