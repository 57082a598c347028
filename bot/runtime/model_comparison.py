"""Compares two versions of models: opens the model store, the database and the built-in songs."""

import asyncio
from collections.abc import Mapping, Sequence

from bot.domain.model_comparison import KnownSong, ModelComparison
from bot.runtime.settings import Settings
from bot.services.model_comparison import Predict, compare
from bot.sources import embedded_songs
from bot.storage.engine import open_database
from bot.storage.voted_songs import SqlVotedSongs
from model.classifier import Classifier
from model.errors import BadValue, TooFewFeatures
from model.lifecycle import VersionEntry
from model.remote import RemoteStore
from model.schema import YEAR
from model.store import BundleStore
from model.versions import Versions


async def compare_versions(
    settings: Settings, a: str, b: str, model: str | None = None
) -> ModelComparison:
    """Compare version `b` with version `a`.

    Args:
        settings: The settings: model store, database, prior.
        a: A version.
        b: Another one.
        model: Name of the model, if two have a version of that name.

    Raises:
        BundleError: There is no such version, or it cannot be loaded.
        StorageFailed: The database cannot be read.
    """
    songs = [*_built_in(), *await _voted(settings)]
    return await asyncio.to_thread(_compare, settings, a, b, model, songs)


def _compare(
    settings: Settings, a: str, b: str, model: str | None, songs: Sequence[KnownSong]
) -> ModelComparison:
    store = RemoteStore(settings.store, settings.public_keys)
    versions = Versions(store, BundleStore(settings.models_dir))
    first, second = (versions.find(one, model) for one in (a, b))
    predict = _predict(settings, versions, first), _predict(settings, versions, second)
    report = versions.report(second.name, second.version)
    return compare(first, second, predict, songs, report)


def _predict(settings: Settings, versions: Versions, entry: VersionEntry) -> Predict:
    classifier = Classifier(versions.bundle(entry.name, entry.version), settings.genre_prior)

    def predict(values: Mapping[str, float]) -> str | None:
        try:
            return classifier.predict(values).best
        except (BadValue, TooFewFeatures):
            return None

    return predict


def _built_in() -> list[KnownSong]:
    return [
        KnownSong(
            "songs",
            f"{song.track.title} — {', '.join(song.track.artists)}",
            song.genre,
            {**song.features.values, **({YEAR.name: song.track.year} if song.track.year else {})},
        )
        for song in embedded_songs.load()
    ]


async def _voted(settings: Settings) -> list[KnownSong]:
    async with open_database(settings.database) as database:
        found = await SqlVotedSongs(database).all(public=settings.learn_from_public)
    return [KnownSong("votes", one.song, one.truth, one.features) for one in found]
