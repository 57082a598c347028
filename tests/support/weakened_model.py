"""A weakened model: the shipped one with a genre that it hardly ever predicts."""

from dataclasses import replace
from pathlib import Path

from model.bundle import MODEL, REHEARSAL, SUBGENRES, Metadata
from model.bundle_files import digest
from model.store import BundleStore
from training.export import to_onnx
from training.network import Network
from training.retrain import networks

LOWERED = 6.0
"""How much lower the logit of the genre is."""


def write_weakened(root: Path, genre: str, name: str = "wide") -> Metadata:
    """Save and promote the shipped model in the local store `root`, weakened in one genre."""
    shipped = BundleStore()
    bundle = shipped.load(name)
    ensemble = networks.read(bundle)
    column = ensemble.outputs.index(genre)
    weak = replace(ensemble, networks=tuple(_lowered(net, column) for net in ensemble.networks))
    onnx = to_onnx(weak)
    folder = shipped.folder(name) / bundle.metadata.version
    files = {MODEL: onnx, REHEARSAL: (folder / REHEARSAL).read_bytes()}
    files |= {SUBGENRES: bundle.subgenres} if bundle.subgenres else {}
    store = BundleStore(root)
    saved = store.save(replace(bundle.metadata, version=digest(onnx)[:8]), files)
    return store.promote(saved.name, saved.version)


def _lowered(network: Network, column: int) -> Network:
    last = network.biases[-1].copy()
    last[column] -= LOWERED
    return Network(network.weights, (*network.biases[:-1], last))
