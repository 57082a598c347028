"""What `check` finds about listening: what confines the decoder, and whose previews are heard."""

from collections.abc import Iterator
from importlib.util import find_spec

from bot.runtime.settings import Settings
from bot.texts import sound_check as words
from model.errors import BundleError
from model.sound import decoding
from model.sound.errors import ListeningFailed
from model.sound.sandbox import Protection
from model.sound.tagger_bundle import TaggerStore


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
    if find_spec("av") is None:
        yield words.NO_AAC, None
    if loaded.previews:
        yield words.previews(loaded.previews, sent=loaded.reccobeats_analysis), True
    elif loaded.reccobeats_analysis:
        yield words.NOTHING_TO_ANALYSE, None
