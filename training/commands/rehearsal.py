"""Command `rehearsal`: adds the tables' feature distributions to bundles that exist."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from model import bundle_files
from model.bundle import REHEARSAL
from model.store import BundleStore
from training.commands.options import check_usable
from training.dataset import load_dataset
from training.retrain.rehearsal import Rehearsal, training_songs
from training.tasks import TASKS, narrowed_all


def run(data: Path, out: Path, models: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    """Write the distributions of the tables named to the current bundle of each model.

    Version and other files stay as they are.

    Raises:
        TableError: A table cannot be read.
        BundleError: There is no such bundle, or it is damaged.
        CannotWrite: The bundles cannot be written.
    """
    check_usable(out)
    rows = load_dataset(data, names)
    store = BundleStore(out)
    tasks, messages = narrowed_all([task for task in TASKS if task.name in models], rows)
    yield from messages
    for task in tasks:
        content = Rehearsal.fit(training_songs(rows), task).to_bytes()
        version = store.current(task.name)
        store.load(task.name, version)
        _add(store.folder(task.name) / version, content)
        yield f"{task.name} {version}: {REHEARSAL}, {len(content)} bytes"


def _add(folder: Path, content: bytes) -> None:
    """Put the file into a bundle and its digest into the metadata, whose text stays otherwise."""
    metadata = json.loads(bundle_files.read_metadata(folder))
    paths = (folder / name for name in metadata["files"])
    files = {path.name: path.read_bytes() for path in paths if path.exists()}
    files[REHEARSAL] = content
    metadata["files"][REHEARSAL] = bundle_files.digest(content)
    text = json.dumps(metadata, indent=1, ensure_ascii=False) + "\n"
    bundle_files.write(folder, text, files)
