"""The page "what if" as values for its templates."""

from typing import Final

from bot import texts
from bot.domain import emoji, song_ids
from bot.domain.cards import displayed_genres
from bot.domain.tracks import Track
from bot.domain.what_if import PATH, START, Slider, address, sliders
from bot.platforms.web import present, radar
from bot.platforms.web.present import Json
from bot.platforms.web.unfurling import Unfurled, plain
from bot.services.outlooks import TurningPoint
from bot.services.what_if import AVERAGE, WhatIfResult
from bot.texts import what_if as words
from bot.texts.web_page import song_name
from model.genres import WIDE
from model.verdicts import Verdict

MENUS: Final = ("key", "mode")
"""Features that are set in a menu."""

LESS_IMPORTANT: Final = (*MENUS, "duration_ms")
"""Features that are folded away at first."""

NEAR_END: Final = 20
"""Percent of the way, within which a name in the middle reaches past an end; as in what_if.js."""


def result(asked: WhatIfResult) -> Json:
    """Return the part that changes with each value: verdict, bars, radar, turning points."""
    answer, chart = asked.outlook.answer, _chart(asked)
    if answer is None:
        nothing: Json = {"best": "", "emoji": "", "genres": [], "turns": None}
        return {"chart": chart, "verdict": words.TOO_FEW, **nothing}
    is_sure = answer.prediction.verdict is not Verdict.UNSURE
    return {
        "chart": chart,
        "verdict": texts.unbroken(texts.verdict(answer)),
        "best": answer.prediction.best,
        "emoji": emoji.GENRES.get(answer.prediction.best, "") if is_sure else "",
        "genres": present.bars(displayed_genres(answer)),
        "turns": turns(asked),
    }


def _chart(asked: WhatIfResult) -> Json:
    now, start = asked.values, asked.origin.values
    return {
        **radar.frame(words.label, lambda name: words.value(name, now.get(name))),
        "now": radar.shape(now),
        "start": radar.shape(start),
        "description": words.chart(now, start),
        "start_name": words.origin(asked.origin.track, asked.origin.genre),
    }


def page(asked: WhatIfResult, famous: list[Track]) -> Json:
    """Return the page around the result: heading, sliders and starting points."""
    origin = asked.origin
    controls = [_control(name, asked) for name in asked.features]
    song = origin.song
    return {
        "heading": words.heading(origin.track, origin.genre),
        "origin": words.origin(origin.track, origin.genre),
        "origin_artists": texts.artists(origin.track) if origin.track else "",
        "song": song,
        "song_address": present.song_address(song) if song else None,
        "is_song": origin.track is not None,
        "start": origin.genre,
        "corrections": [words.correction(one) for one in asked.corrections],
        "reset": _reset(asked),
        "controls": [one for one in controls if one["name"] not in LESS_IMPORTANT],
        "more": [one for one in controls if one["name"] in LESS_IMPORTANT],
        "songs": [
            {"title": song_name(track), "artists": texts.artists(track)}
            | {"address": address({}, song=song_ids.song_id(track))}
            for track in famous
        ],
        "genres": [
            {"name": genre, "address": address({}, start=genre), "emoji": emoji.GENRES[genre]}
            for genre in WIDE
        ],
        "average": {"name": words.START_AVERAGE, "address": address({}, start=AVERAGE)},
        "is_more_open": any(
            asked.values.get(name) != origin.values.get(name)
            for name in LESS_IMPORTANT
            if name in asked.features
        ),
    }


def changes(asked: WhatIfResult) -> Json:
    """Return what a script changes besides the result: the values in words, the turning points."""
    return {
        "values": {name: words.value(name, asked.values.get(name)) for name in asked.features},
        "turns": {
            point.feature: {"value": point.value, "genre": point.genre}
            for point in asked.outlook.turning_points
        },
    }


def head(asked: WhatIfResult, origin: str) -> Unfurled:
    """Return what chats display of a link to the page; `origin` is that of the site."""
    answer, start = asked.outlook.answer, asked.origin
    verdict = texts.verdict(answer) if answer else words.TOO_FEW
    return plain(
        words.heading(start.track, start.genre),
        texts.unbroken(words.description(verdict, [one["said"] for one in turns(asked)])),
        f"{origin}{asked.address}",
    )


def _reset(asked: WhatIfResult) -> str:
    origin = asked.origin
    if origin.song or origin.genre:
        return address({}, song=origin.song, start=origin.genre)
    return f"{PATH}?{START}={AVERAGE}"


def _control(name: str, asked: WhatIfResult) -> Json:
    """Return a slider or a menu. Its ends are moved so that the value and the start are between."""
    slider = sliders(asked.this_year)[name]
    now, start = asked.values.get(name), asked.origin.values.get(name)
    known = [one for one in (now, start) if one is not None]
    low, high = min([slider.low, *known]), max([slider.high, *known])
    turn = next((one for one in asked.outlook.turning_points if one.feature == name), None)
    return {
        "name": name,
        "label": words.label(name),
        "unknown": words.PAGE["unknown_of"].format(feature=words.label(name)),
        "value": now,
        "said": words.value(name, now),
        "position": _middle(slider, start) if now is None else now,
        "low": low,
        "high": high,
        "step": slider.step,
        "page": slider.page,
        "start": None if start is None else _share(start, low, high),
        "turn": turn and mark(turn, _share(turn.value, low, high)),
        "choices": words.choices(name) if name in MENUS else None,
    }


def _middle(slider: Slider, start: float | None) -> float:
    """Return where the slider of an unknown value stands."""
    return (slider.low + slider.high) / 2 if start is None else start


def mark(turn: TurningPoint, share: float) -> Json:
    """Return a turning point beside its slider; the genre's name stays between the ends."""
    anchor = "start" if share < NEAR_END else "end" if share > 100 - NEAR_END else "middle"
    return {"share": share, "anchor": anchor, "genre": turn.genre}


def _share(value: float, low: float, high: float) -> float:
    """Return where a value is between two ends, in percent of the way."""
    return round(100 * (value - low) / (high - low), 2)


def turns(asked: WhatIfResult) -> list[Json]:
    """Return the turning points in words, with the addresses of their values."""
    return [_turn(point, asked) for point in asked.outlook.turning_points]


def _turn(point: TurningPoint, asked: WhatIfResult) -> Json:
    said = words.turning_point(point.feature, point.value, point.genre, is_higher=point.is_higher)
    return {
        "feature": point.feature,
        "value": point.value,
        "genre": point.genre,
        "said": texts.unbroken(said),
        "address": asked.address_with({point.feature: point.value}),
    }
