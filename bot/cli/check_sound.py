"""What `check` finds about listening: what confines the decoder, and whose previews are heard."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Final

from bot.runtime.settings import Settings
from bot.texts import sound_check as words
from model.errors import BundleError
from model.sound import decoding
from model.sound.errors import ListeningFailed
from model.sound.sandbox import Protection
from model.sound.tagger_bundle import TaggerStore

OF_AAC: Final = frozenset({"itunes"})
"""Services whose previews are AAC, which the extra `audio` reads."""


def findings(loaded: Settings) -> Iterator[tuple[str, bool | None]]:
    """Yield sentences, each with whether what it says is fine; None for what may be."""
    try:
        held = decoding.protections()
    except ListeningFailed as error:
        yield words.cannot_listen(error), False
        return
    try:
        yield words.tagger(TaggerStore().load().metadata.version), True
    except BundleError as error:
        yield words.cannot_listen(error), False
    missing = [protection for protection in Protection if protection not in held]
    yield words.confined(missing), None if missing else True
    reads_aac = find_spec("av") is not None
    if not reads_aac:
        yield words.NO_AAC, None
    heard = [name for name in loaded.previews if reads_aac or name not in OF_AAC]
    if len(heard) < len(loaded.previews):
        yield words.NO_ITUNES, None
    if heard:
        yield words.previews(heard, sent=loaded.reccobeats_analysis), True
    elif loaded.reccobeats_analysis and not loaded.previews:
        yield words.NOTHING_TO_ANALYSE, None
