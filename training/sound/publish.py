"""Makes the tagger's bundle of the networks that `convert/convert.py` converted.

    python -m training.sound.publish FOLDER

saves the bundle in `model/taggers/` and promotes it. Networks that compute the same as those of the
current bundle are not replaced, as the bytes differ each time that they are converted.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from model.errors import ModelError
from model.sound.front_end import BANDS
from model.sound.networks import PATCH, Networks
from model.sound.tagger_bundle import (
    HEAD,
    LICENSE,
    NAME,
    TaggerMetadata,
    TaggerStore,
    network_file,
)
from training.sound.head_bundle import DATA_NAME

DESCRIPTION: Final = "networks.json"
"""What the conversion says of the networks: origin, licence, tags, data and libraries."""

TOLERANCE: Final = 1e-5
"""Largest difference of tags and embeddings, on random patches, that counts as the same."""


def publish(folder: Path, store: TaggerStore) -> TaggerMetadata:
    """Save and promote the bundle of the converted networks in `folder`; raises BundleError.

    If they compute the same as those of the current bundle, its networks and head are kept.
    """
    description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    metadata = TaggerMetadata(
        name=NAME,
        origin=description["origin"],
        license=description["license"],
        tags={name: tuple(own) for name, own in description["tags"].items()},
        data=tuple(description["data"]),
        libraries=description["libraries"],
    )
    networks = {name: (folder / network_file(name)).read_bytes() for name in metadata.tags}
    converted = Networks(networks, metadata.tags)
    files = {LICENSE: (folder / LICENSE).read_bytes()}
    if NAME in store.names():
        current = store.load()
        if current.metadata.tags == metadata.tags:
            found = difference(converted, Networks(current.networks, metadata.tags))
            print(f"largest difference from the current bundle: {found:.1e}")
            if found <= TOLERANCE:
                networks = dict(current.networks)
                of_head = (one for one in current.metadata.data if one["name"] == DATA_NAME)
                metadata = replace(
                    metadata, head=current.metadata.head, data=(*metadata.data, *of_head)
                )
                files |= {HEAD: current.head.to_bytes()} if current.head else {}
    files |= {network_file(name): content for name, content in networks.items()}
    complete = store.save(metadata, files)
    store.promote(complete.name, complete.version)
    return complete


def difference(networks: Networks, others: Networks) -> float:
    """Return the largest difference of the tags and embeddings of the same random patches."""
    noise = np.random.default_rng(1).uniform(0, 5, (4 * PATCH, BANDS)).astype(np.float32)
    ours, theirs = networks.run([noise]), others.run([noise])
    return max(
        float(np.abs(ours.embedding - theirs.embedding).max()),
        *(
            abs(p - theirs.tags[name][tag])
            for name in ours.tags
            for tag, p in ours.tags[name].items()
        ),
    )


def main(folder: Path) -> int:
    """Publish the networks in `folder`; return the exit code."""
    try:
        metadata = publish(folder, TaggerStore())
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{metadata.name} {metadata.version}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
