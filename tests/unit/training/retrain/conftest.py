from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.bundle import MODEL, REHEARSAL
from model.genres import STUDY
from model.schema import INPUT_NAMES, NAMES
from model.store import BundleStore
from tests.support.factories import TYPICAL, metadata
from tests.unit.training.made_up import TASK
from tests.unit.training.retrain.made_up_model import QUICK, WRONG, wrong_model
from tests.unit.training.retrain.votes_table import Voted, write_votes
from training import deployment
from training.calibrated_model import CalibratedModel
from training.deployment import Deployment
from training.evaluation import truth_rows
from training.export import to_onnx
from training.priors import TEMPER
from training.retrain import fine_tune, recalibration, retrain
from training.retrain.from_bundle import from_bundle
from training.retrain.rehearsal import Rehearsal
from training.split import Side


@pytest.fixture(scope="session")
def start(made_up: pd.DataFrame) -> CalibratedModel:
    """Return a small model that has learnt one genre as another."""
    return wrong_model(made_up)


@pytest.fixture(scope="session")
def rehearsal(made_up: pd.DataFrame) -> Rehearsal:
    """Return the feature distributions of the made-up songs."""
    return Rehearsal.fit(made_up, TASK)


@pytest.fixture(scope="session")
def shipped(
    start: CalibratedModel, rehearsal: Rehearsal, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a folder of bundles with the small model, not to be changed."""
    store = BundleStore(tmp_path_factory.mktemp("shipped"))
    typical = {name: TYPICAL[name] for name in NAMES}
    described = metadata(
        "tiny",
        version="base",
        features=INPUT_NAMES,
        genres=STUDY,
        priors=start.shares,
        prior_temper=TEMPER,
        typical_song=typical,
    )
    saved = store.save(described, {MODEL: to_onnx(start.ensemble), REHEARSAL: rehearsal.to_bytes()})
    store.promote(saved.name, saved.version)
    return store.folder("tiny").parent


@pytest.fixture(scope="session")
def voted(made_up: pd.DataFrame) -> Sequence[Voted]:
    """Return votes of three people on fifty songs that the small model gets wrong."""
    own = truth_rows(made_up, TASK, Side.TRAIN)
    own = own[own["truth"] == WRONG].head(50)
    return [
        Voted(
            f"track{number}",
            f"artist {number}",
            WRONG,
            {name: float(row[name]) for name in NAMES if not np.isnan(row[name])},
            ("ann", "bob", "eve") if number % 2 else ("ann", "bob"),
        )
        for number, (_, row) in enumerate(own.iterrows())
    ]


@dataclass(frozen=True)
class Place:
    """A deployment with the small model: its folder, and its database."""

    folder: Path
    database: Path

    def vote(self, songs: Sequence[Voted]) -> None:
        """Replace the votes in the database."""
        write_votes(self.database, songs)

    @property
    def deployment(self) -> Deployment:
        """The deployment as its settings say."""
        return deployment.load()

    @property
    def current(self) -> str:
        """The version that the store's pointer names; "" without one."""
        pointer = self.folder / "models/tiny/current"
        return pointer.read_text().strip() if pointer.exists() else ""


@pytest.fixture
def place(
    tmp_path: Path, shipped: Path, voted: Sequence[Voted], monkeypatch: pytest.MonkeyPatch
) -> Place:
    """Return a deployment with votes, whose retraining is quick."""
    found = Place(tmp_path / "var", tmp_path / "bot.db")
    found.vote(voted)
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "DATA_DIR": str(found.folder),
        "DATABASE_URL": str(found.database),
        "MODELS_DIR": str(shipped),
        "MODEL": "tiny",
    }.items():
        monkeypatch.setenv(name, value)
    quick = replace(QUICK, epochs=2, steps=4)
    monkeypatch.setattr(fine_tune, "SONGS_TO_COMPARE", 2000)
    monkeypatch.setattr(recalibration, "DRAWN", 2000)
    monkeypatch.setattr(retrain, "from_bundle", partial(from_bundle, settings=quick))
    return found
