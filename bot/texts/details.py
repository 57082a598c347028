"""What stands behind an answer: sources, gaps, prior, models. The text of the control "Details"."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bot.domain.cards import Answer
from bot.domain.tracks import AudioFeatures
from bot.texts import own_labels, sound
from bot.texts.numbers import LABELS, and_list, capitalise, format_feature
from model.percentiles import song_count

DETAILS: Final = "Details"
"""Label of the control that shows `details`."""

SOURCES: Final[Mapping[str, str]] = {
    "sample": "the built-in sample of famous songs",
    "reccobeats": "ReccoBeats",
    "spotify": "Spotify",
    "tables": "the training tables",
    "musicbrainz": "MusicBrainz",
    "listenbrainz": "ListenBrainz",
    "lastfm": "Last.fm",
    "discogs": "Discogs",
    "audio": "the sound itself",
    "reccobeats-analysis": "ReccoBeats' analysis of a preview",
    "deezer": "Deezer",
    "itunes": "iTunes",
}
"""Display name of each source of audio features, of filed genres and of previews."""

PRIORS: Final[Mapping[str, str]] = {
    "popular": "popular music",
    "tables": "the training tables",
    "even": "every genre alike",
}
"""Display name of each prior."""

NOT_FILED: Final = "Not known where it is filed."
NO_FEATURES: Final = "No figures of this song are known."
NOTHING_KEPT: Final = "Neither the file nor its name is kept, and nothing is learned from it."
HEARD_KEPT: Final = "The sound is not kept; what was heard is, on this computer."
PERCENTAGES: Final = (
    "Percentages say how sure the model is; over all its genres they add up to 100 %."
)


def details(answer: Answer) -> str:
    """Return what stands behind an answer: a line for each known feature, then the small print."""
    return "\n".join([*feature_lines(answer), small_print(answer)])


def feature_lines(answer: Answer) -> list[str]:
    """Return each known feature with its value, as in "Tempo: 136 BPM"."""
    return [
        f"{LABELS[name]}: {format_feature(name, value)}"
        for name, value in answer.features.values.items()
    ]


def small_print(answer: Answer) -> str:
    """Return where the figures come from and what is missing, as sentences on one line."""
    sentences = _of_sound(answer) if answer.by_sound_alone else _of_features(answer)
    labels = own_labels.EXPLAINED if answer.own_labels else ""
    return " ".join(filter(None, [*sentences, labels]))


def _of_features(answer: Answer) -> Iterator[str]:
    """Yield the sentences on an answer by features; some may be empty."""
    prediction = answer.prediction
    yield _feature_sources(answer.features)
    if answer.heard:
        yield sound.how_much(answer.heard, answer.subject)
    if filed := answer.filed_under:
        yield f"Filed by {_source(filed.source)}."
    else:
        yield NOT_FILED
    if prediction.missing:
        yield f"Not known: {_labels(prediction.missing)}."
    if prediction.year_counted:
        yield f"Its year counted: {answer.subject.year}."
    yield f"Compared with the {song_count():,} songs of the training tables."
    yield PERCENTAGES
    if prior := prediction.prior:
        yield f"Prior: {PRIORS.get(prior, prior)}."
    yield f"Model: {answer.model.name} {answer.model.version}."
    if answer.heard:
        yield f"Of the sound: {answer.heard.model} {answer.heard.model_version}."


def _of_sound(answer: Answer) -> Iterator[str]:
    """Yield the sentences on an answer by sound alone; some may be empty."""
    heard, is_file = answer.heard, answer.subject.sound_id is not None
    if not is_file:
        yield NO_FEATURES
    if heard:
        yield sound.how_much(heard, answer.subject)
        if heard.loudness is not None:
            yield f"Loudness {sound.loudness(heard.loudness)}."
    if filed := answer.filed_under:
        yield f"Filed by {_source(filed.source)}."
    elif not is_file:  # no source knows the genres of a sound file
        yield NOT_FILED
    yield sound.unhearable(answer)
    if is_file:
        yield HEARD_KEPT if heard and heard.is_kept else NOTHING_KEPT
    yield f"Model: {answer.model.name} {answer.model.version}."


def _feature_sources(features: AudioFeatures) -> str:
    """Return which source gave which feature: "Length from Deezer; all else from ReccoBeats."."""
    main = features.source
    if not main:
        return ""
    others: dict[str, list[str]] = {}
    for name, source in features.sources.items():
        if source != main:
            others.setdefault(source, []).append(name)
    if not others:
        return f"Features from {_source(main)}."
    parts = [f"{_labels(names)} from {_source(source)}" for source, names in others.items()]
    return f"{capitalise('; '.join(parts))}; all else from {_source(main)}."


def _labels(names: Iterable[str]) -> str:
    return and_list(LABELS[name].lower() for name in names)


def _source(name: str) -> str:
    return SOURCES.get(name, name)
