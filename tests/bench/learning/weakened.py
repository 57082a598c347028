"""A weakened model: the shipped one after it learnt that songs of one genre are of another."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from training.retrain.fine_tune import Corrections, fine_tune

from model.bundle import MODEL, REHEARSAL, SUBGENRES, Metadata
from model.bundle_files import digest
from model.store import BundleStore
from training.export import to_onnx
from training.retrain import networks, rehearsal

SONGS: Final = 20_000


def write_mislabelled(root: Path, genre: str, as_genre: str, seed: int = 0) -> Metadata:
    """Save and promote the shipped model in the local store `root`, with a mislabelled genre."""
    shipped = BundleStore()
    bundle = shipped.load("wide")
    metadata, folder = bundle.metadata, shipped.folder("wide") / bundle.metadata.version
    start, known = networks.read(bundle), rehearsal.read(folder, metadata)
    rng = np.random.default_rng(seed)
    wrong = Corrections(
        known.of_genre(genre, SONGS, rng),
        np.full(SONGS, metadata.genres.index(as_genre)),
        np.ones(SONGS),
    )
    others = known.shares.copy()
    others[known.genres.index(genre)] = 0
    weak = fine_tune(start, replace(known, shares=others), wrong, seed=seed)
    onnx = to_onnx(weak)
    files = {MODEL: onnx, REHEARSAL: (folder / REHEARSAL).read_bytes()}
    files |= {SUBGENRES: bundle.subgenres} if bundle.subgenres else {}
    store = BundleStore(root)
    saved = store.save(replace(metadata, version=digest(onnx)[:8]), files)
    return store.promote(saved.name, saved.version)
