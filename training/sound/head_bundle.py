"""Puts a head into a bundle of the tagger."""

from dataclasses import replace
from typing import Final

from model.sound.head import Head
from model.sound.tagger_bundle import (
    HEAD,
    LICENSE,
    HeadMetadata,
    TaggerMetadata,
    TaggerStore,
    network_file,
)

DATA_NAME: Final = "head"
"""Name of the entry of a bundle's `data` that says what its head was fitted on."""


def save_head(
    store: TaggerStore,
    out: TaggerStore,
    head: Head,
    metadata: HeadMetadata,
    *,
    source: str,
    license_: str,
) -> TaggerMetadata:
    """Save and promote the current tagger of `store` with another head in `out`; raise BundleError.

    Args:
        store: Has the networks.
        out: Gets the bundle; may be the same.
        head: The head.
        metadata: Its description.
        source: What it was fitted on.
        license_: What is known of the licence of that.
    """
    current = store.load()
    name = current.metadata.name
    folder = store.folder(name) / current.metadata.version
    files = {network_file(one): content for one, content in current.networks.items()}
    files |= {LICENSE: (folder / LICENSE).read_bytes(), HEAD: head.to_bytes()}
    others = (one for one in current.metadata.data if one["name"] != DATA_NAME)
    data = {"name": DATA_NAME, "source": source, "license": license_}
    saved = out.save(replace(current.metadata, head=metadata, data=(*others, data)), files)
    out.promote(name, saved.version)
    return saved


def versions_with_same_networks(*stores: TaggerStore) -> set[str]:
    """Return the versions whose embeddings are those of the first store's current tagger."""
    current = stores[0].load()
    return {
        version
        for store in stores
        for version in store.versions(current.metadata.name)
        if store.load(current.metadata.name, version).networks == current.networks
    }
