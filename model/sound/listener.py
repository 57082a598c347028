"""Listens to a decoded sound: puts together what the networks and the measurements say of it."""

from collections.abc import Sequence
from typing import Final, Self

from model.sound import embedding, fusion, music_guard, tag_words
from model.sound.decoded import Decoded, Samples
from model.sound.front_end import RATE, log_mel
from model.sound.heard import Heard
from model.sound.key import key
from model.sound.loudness import loudness
from model.sound.networks import Networks, Tagged
from model.sound.resampling import resample
from model.sound.tag_genres import tag_genres
from model.sound.tagger_bundle import TaggerBundle, TaggerStore
from model.sound.tempo import tempo
from model.verdicts import Verdict, decide

PATCH_SECONDS: Final = 3.0
"""Length of the sounds that the networks were trained on; of a shorter one no genre is stated."""


class SoundModel:
    """The tagger of a bundle, ready to listen. Not thread-safe.

    Args:
        bundle: The bundle.

    Raises:
        BundleInvalid: A network cannot be loaded.
    """

    def __init__(self, bundle: TaggerBundle) -> None:
        self._metadata = bundle.metadata
        self._head = bundle.head
        self._networks = Networks(bundle.networks, bundle.metadata.tags)

    @classmethod
    def load(cls, bundle: TaggerBundle | None = None) -> Self:
        """Load a bundle, by default the current one that is shipped; raises BundleError."""
        return cls(bundle or TaggerStore().load())

    def listen(self, decoded: Decoded) -> Heard:
        """Return what is heard in a sound; raises ListeningFailed."""
        excerpts = [resample(excerpt, decoded.rate, RATE) for excerpt in decoded.mono()]
        audible = [excerpt for excerpt in excerpts if not music_guard.is_silent([excerpt])]
        excerpts = audible or excerpts
        tagged = self.tag(excerpts)
        no_music = music_guard.no_music(excerpts, tagged.tags)
        genres, verdict = ({}, Verdict.UNSURE) if no_music else self._genres(tagged)
        if decoded.seconds < PATCH_SECONDS:  # it was repeated to fill a patch
            verdict = Verdict.UNSURE
        beat = None if no_music else tempo(excerpts, RATE)
        return Heard(
            tags=tag_words.merged(tagged.tags),
            genres=genres,
            verdict=verdict,
            no_music=no_music,
            seconds=decoded.seconds,
            duration=decoded.duration,
            tempo=beat.bpm if beat else None,
            other_tempo=beat.other if beat else None,
            loudness=loudness(decoded.excerpts, decoded.rate),
            key=None if no_music else key(excerpts, RATE),
            embedding=embedding.to_bytes(tagged.embedding),
            model=self._metadata.name,
            model_version=self._metadata.version,
            exponents=self._metadata.head.exponents if self._metadata.head else None,
        )

    def tag(self, excerpts: Sequence[Samples]) -> Tagged:
        """Return what the networks say of a sound; raises ListeningFailed.

        Args:
            excerpts: Pieces of the sound, of one channel, at `front_end.RATE`.
        """
        return self._networks.run([log_mel(excerpt) for excerpt in excerpts])

    def _genres(self, tagged: Tagged) -> tuple[dict[str, float], Verdict]:
        """Return the probabilities of the genres, refined by the head if any, and the verdict."""
        genres = tag_genres().probabilities(tagged.tags)
        if self._head and self._metadata.head:
            genres = fusion.refined(genres, self._head.probabilities(tagged))
            return genres, decide(tuple(genres.values()), self._metadata.head.verdicts)
        return genres, tag_genres().verdict(genres)
