"""Compares two versions of models by the built-in songs and those that people voted on."""

from collections.abc import Mapping, Sequence

from bot.domain.model_comparison import KnownSong, ModelComparison
from bot.runtime.model_versions import MOVE_SECONDS, AsyncVersions
from bot.runtime.settings import Settings
from bot.services.model_comparison import Predict, compare
from bot.sources import embedded_songs
from bot.storage.engine import open_database
from bot.storage.voted_songs import SqlVotedSongs
from model.classifier import Classifier
from model.errors import BadValue, TooFewFeatures
from model.lifecycle import VersionEntry
from model.priors import PriorName
from model.schema import YEAR
from model.versions import Versions


async def compare_versions(
    settings: Settings, versions: AsyncVersions, a: str, b: str, model: str | None = None
) -> ModelComparison:
    """Compare version `b` with version `a`.

    Args:
        settings: The settings: database, prior, and whether votes of a public page count.
        versions: The versions in the model store.
        a: A version.
        b: Another one.
        model: Name of the model, if two have a version of that name.

    Raises:
        BundleError: There is no such version, or it cannot be loaded.
        StorageFailed: The database cannot be read.
        TimeoutError: The model store takes too long.
    """
    songs = [*_built_in(), *await _voted(settings)]
    prior = settings.genre_prior
    return await versions.ask(
        lambda opened: _compare(opened, (a, b), model, prior, songs), MOVE_SECONDS
    )


def _compare(
    versions: Versions,
    wanted: tuple[str, str],
    model: str | None,
    prior: PriorName,
    songs: Sequence[KnownSong],
) -> ModelComparison:
    a, b = (versions.find(one, model) for one in wanted)
    predict = _predict(versions, a, prior), _predict(versions, b, prior)
    return compare(a, b, predict, songs, versions.report(b.name, b.version))


def _predict(versions: Versions, entry: VersionEntry, prior: PriorName) -> Predict:
    classifier = Classifier(versions.bundle(entry.name, entry.version), prior)

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
