"""Answers and errors as JSON: what `ask --json` prints, and what a song's page has beside it."""

from collections.abc import Mapping
from typing import Any, Final

from bot.domain import links
from bot.domain.cards import Answer
from bot.domain.replies import Notice
from bot.texts.traits import reasons

SOUND: Final = "audio"
"""Source of an answer by sound alone."""


def as_dict(answer: Answer) -> dict[str, Any]:
    """Return an answer in the JSON shape of `ask --json`, which scripts rely on."""
    track, prediction = answer.subject, answer.prediction
    return {
        "track": {
            "id": track.spotify_id,
            "title": track.title,
            "artists": list(track.artists),
            "url": track.url,
            "image": track.image,
            "isrc": track.isrc,
            "musicbrainz_id": track.musicbrainz_id,
            "deezer_id": track.deezer_id,
            "duration_ms": track.duration_ms,
            "year": track.year,
        },
        "genres": [{"genre": g, "probability": p} for g, p in prediction.genres.items()],
        "verdict": prediction.verdict.value,
        "subgenre": _subgenre(answer),
        "filed_under": _filed_under(answer),
        "why": list(reasons(answer)),
        "features": dict(answer.features.values),
        "missing": list(prediction.missing),
        "year_counted": prediction.year_counted,
        "prior": prediction.prior,
        "source": answer.features.source or (SOUND if answer.heard else ""),
        "sources": dict(answer.features.sources),
        "model": {"name": answer.model.name, "version": answer.model.version},
        "heard": _heard(answer),
    }


def error_as_dict(notice: Notice, reason: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a notice in the JSON shape of `ask --json`, with the songs that it offers.

    `reason` says more of a file that is not answered.
    """
    offered = [
        {"label": choice.label, "url": links.subject_address(choice.ref)}
        for choice in notice.choices
    ]
    found: dict[str, Any] = {
        "error": {"code": notice.kind, "message": notice.text, **(reason or {})}
    }
    return found | {"choices": offered} if offered else found


def _filed_under(answer: Answer) -> dict[str, Any]:
    filed = answer.filed_under
    return {
        "genres": list(filed.genres) if filed else [],
        "agreement": answer.agreement.value,
        "source": filed.source if filed else None,
    }


def _subgenre(answer: Answer) -> dict[str, Any] | None:
    found = answer.subgenre
    return {"name": found.name, "probability": found.probability} if found else None


def _heard(answer: Answer) -> dict[str, Any] | None:
    """Return what was heard; None if nothing was listened to."""
    heard = answer.heard
    if heard is None:
        return None
    return {
        "tags": [{"tag": tag, "probability": p} for tag, p in heard.tags.items()],
        "genres": [{"genre": genre, "probability": p} for genre, p in heard.genres.items()],
        "music": heard.is_music,
        "seconds": heard.seconds,
        "duration": heard.duration,
        "verdict": heard.verdict.value,
        "agreement": answer.sound_agreement.value,
        "tempo": heard.tempo,
        "other_tempo": heard.other_tempo,
        "loudness": heard.loudness,
        "key": heard.key,
        "model": {"name": heard.model, "version": heard.model_version},
    }
