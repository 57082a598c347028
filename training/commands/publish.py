"""Command `publish`: publishes bundles to a model store."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from training.commands import options
from training.publish import publish


def run(url: str, bundles: Path | None, models: Sequence[str] | None) -> Iterator[str]:
    """Publish the current bundle of each model."""
    for metadata in publish(options.bundles(bundles), options.models(models), url):
        yield f"{url}: {metadata.name} {metadata.version}"
