"""Every sentence that a user reads. Plain text; a platform adds its own markup around it."""

from collections.abc import Iterable, Mapping
from typing import Final

from bot.errors import (
    FeaturesUnknown,
    ModelUnusable,
    NoTrackLink,
    SoundslikeError,
    StorageFailed,
    TrackNotFound,
    Unavailable,
    UnknownCard,
    UnknownGenre,
)
from bot.values import Answer, Ballot, Track
from model.classifier import Reason, Verdict
from model.schema import RADAR

LABELS: Final[Mapping[str, str]] = {
    "danceability": "Danceability",
    "energy": "Energy",
    "speechiness": "Speech",
    "acousticness": "Acoustic",
    "instrumentalness": "Instrumental",
    "liveness": "Live",
    "valence": "Happiness",
    "tempo": "Tempo",
    "loudness": "Loudness",
    "key": "Key",
    "mode": "Mode",
    "duration_ms": "Length",
}
"""A feature's name as people know it."""

HIGHER: Final[Mapping[str, str]] = {
    "danceability": "easier to dance to",
    "energy": "more energetic",
    "speechiness": "more spoken words",
    "acousticness": "more acoustic",
    "instrumentalness": "less singing",
    "liveness": "more of a live feel",
    "valence": "happier",
    "tempo": "faster",
    "loudness": "louder",
    "key": "its key",
    "mode": "in a major key",
    "duration_ms": "longer",
}
LOWER: Final[Mapping[str, str]] = {
    "danceability": "harder to dance to",
    "energy": "calmer",
    "speechiness": "fewer spoken words",
    "acousticness": "less acoustic",
    "instrumentalness": "more singing",
    "liveness": "more of a studio feel",
    "valence": "sadder",
    "tempo": "slower",
    "loudness": "quieter",
    "key": "its key",
    "mode": "in a minor key",
    "duration_ms": "shorter",
}

SOURCES: Final[Mapping[str, str]] = {
    "sample": "the built-in sample of famous songs",
    "reccobeats": "ReccoBeats",
    "spotify": "Spotify",
}
"""Where features come from, in words."""

PITCHES: Final = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")

HALF_PERCENT: Final = 0.005

HELP: Final = (
    "Paste a Spotify track link, or type /genre and a link or “song - artist”. "
    "Disagree? Pick another genre on the card: it is kept, and I learn from it. "
    "/forget-me deletes everything you told me."
)
ASK_FOR_A_SONG: Final = "Give me a Spotify track link, or “song - artist”."
MESSAGE_TOO_LONG: Final = "That message is too long for me; a link is enough."
HOW_TO: Final[Mapping[str, str]] = {
    "DISCORD_TOKEN": "make an application at https://discord.com/developers/applications, "
    "open Bot, and reset its token",
    "SLACK_BOT_TOKEN": "install your app at https://api.slack.com/apps, then OAuth & Permissions; "
    "it starts with xoxb-",
    "SLACK_APP_TOKEN": "https://api.slack.com/apps, Basic Information, App-Level Tokens, scope "
    "connections:write; it starts with xapp-",
    "SLACK_SIGNING_SECRET": "https://api.slack.com/apps, Basic Information; only for HTTP events",
    "SPOTIFY_CLIENT_ID": "optional; https://developer.spotify.com/dashboard (the app's owner needs "
    "Spotify Premium)",
    "SPOTIFY_CLIENT_SECRET": "optional; beside the client id",
}
"""How an operator gets each secret."""

TRY_AGAIN: Final = "Something went wrong on my side. Please try again."
CHART_MISSING: Final = "The chart could not be drawn this time."
SAMPLE_NOTE: Final = "This song is in the built-in sample, so it works offline."
NOT_SURE: Final = "It does not sound much like any of my genres; take this as a guess."


def percent(probability: float) -> str:
    """Write a probability, as in "62 %"; a tiny one is never a flat zero."""
    return "< 1 %" if 0 < probability < HALF_PERCENT else f"{probability * 100:.0f} %"


def and_list(words: Iterable[str]) -> str:
    """Join words as in "a, b and c"."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def title(track: Track) -> str:
    """Name a track, even when only its id is known."""
    return track.title or f"Track {track.id}"


def artists(track: Track) -> str:
    """Name the artists; empty when they are not known."""
    return ", ".join(track.artists)


def headline(track: Track) -> str:
    """Name a track and its artists on one line."""
    return f"{title(track)} – {artists(track)}" if track.artists else title(track)


def verdict(answer: Answer) -> str:
    """Say which genre it is, and how surely."""
    first, second, *_ = answer.prediction.genres
    match answer.prediction.verdict:
        case Verdict.CLEAR:
            return f"Sounds like {first}."
        case Verdict.CLOSE:
            return f"Sounds like {first}, or {second}: too close, I would not bet."
        case Verdict.UNSURE:
            return f"Perhaps {first}. {NOT_SURE}"


def reason(found: Reason) -> str:
    """Put one reason into words, with both figures."""
    words = (HIGHER if found.value >= found.typical else LOWER)[found.feature]
    if found.feature == "mode":
        return words
    if found.feature == "key":
        return f"{words} ({figure(found.feature, found.value)})"
    value, usual = (figure(found.feature, x) for x in (found.value, found.typical))
    return f"{words} ({LABELS[found.feature].lower()} {value}, usually {usual})"


def why(answer: Answer) -> str:
    """Say in one sentence what speaks most for the predicted genre."""
    if not answer.reasons:
        return ""
    return f"Why: {and_list(reason(found) for found in answer.reasons)}."


def figure(feature: str, value: float) -> str:
    """Write a feature's value with its unit."""
    match feature:
        case "tempo":
            return f"{value:.0f} BPM"
        case "loudness":
            return f"{value:.1f} dB"
        case "key":
            return PITCHES[int(value)]
        case "mode":
            return "major" if value else "minor"
        case "duration_ms":
            minutes, seconds = divmod(round(value / 1000), 60)
            return f"{minutes}:{seconds:02}"
        case _:
            return f"{value:.2f}"


def small_print(answer: Answer) -> str:
    """Say where the features came from, what was missing, and which model answered."""
    parts = [f"Features from {SOURCES.get(answer.features.source, answer.features.source)}."]
    if answer.prediction.missing:
        missing = and_list(LABELS[name].lower() for name in answer.prediction.missing)
        parts.append(f"Not known: {missing}.")
    parts.append(f"Model: {answer.model.name} {answer.model.version}.")
    return " ".join(parts)


def alt(answer: Answer) -> str:
    """Describe the chart for people who see no picture."""
    values = answer.features.values
    known = [
        f"{LABELS[name].lower()} {figure(name, values[name])}" for name in RADAR if name in values
    ]
    odds = [f"{genre} {percent(p)}" for genre, p in list(answer.prediction.genres.items())[:5]]
    tempo = f" Tempo {figure('tempo', values['tempo'])}." if "tempo" in values else ""
    return (
        f"{headline(answer.track)}. Genres: {', '.join(odds)}. "
        f"Radar chart against the typical {answer.prediction.best} song: {', '.join(known)}.{tempo}"
    )


def plain(answer: Answer, rows: int = 5) -> str:
    """Write the whole card as text, for a terminal."""
    lines = [headline(answer.track)]
    if answer.track.url:
        lines.append(answer.track.url)
    lines += ["", verdict(answer), ""]
    for genre, probability in list(answer.prediction.genres.items())[:rows]:
        lines.append(f"  {genre:<11}{percent(probability):>6}  {'█' * round(probability * 30)}")
    values = answer.features.values
    lines += ["", why(answer), ""]
    lines += [f"  {LABELS[name]:<14}{figure(name, value)}" for name, value in values.items()]
    return "\n".join([*lines, "", small_print(answer)])


def receipt(ballot: Ballot) -> str:
    """Thank for a vote, naming what counts now."""
    if ballot.counted is None:
        return "Taken back."
    return f"Noted: {ballot.counted}. Thank you!"


def forgotten(votes: int) -> str:
    """Confirm a deletion."""
    what = "1 vote" if votes == 1 else f"{votes} votes"
    return f"Done: {what} and your name on every question are deleted."


def failure(error: SoundslikeError) -> str:
    """Say in one sentence what went wrong and, where there is one, what to do."""
    match error:
        case NoTrackLink(kind=None):
            return (
                "I see no Spotify track link there. Paste one, or type /genre and “song - artist”."
            )
        case NoTrackLink(kind=kind):
            return other_link(str(kind))
        case TrackNotFound():
            return "I can't find that track. Check the link or the spelling?"
        case FeaturesUnknown(title=None | ""):
            return "Nobody I can ask knows how that track sounds yet."
        case FeaturesUnknown(title=name):
            return f"I know “{name}”, but nobody I can ask knows how it sounds yet."
        case Unavailable(retry_after=seconds):
            return f"The music services don't answer right now. Please try again {_later(seconds)}."
        case StorageFailed():
            return "I can't reach my database right now, so I'd forget your answer. Try again soon."
        case UnknownCard():
            return "I no longer know that card."
        case UnknownGenre():
            return "That is not one of my genres."
        case ModelUnusable():
            return f"My model cannot be used: {error}"
        case _:
            return TRY_AGAIN


def refusal(error: SoundslikeError) -> str:
    """Tell an operator why the bot does not start."""
    return f"Soundslike cannot start: {str(error).rstrip('.')}."


def other_link(kind: str) -> str:
    """Answer a Spotify link that is no track link; `kind` as in `links`."""
    if kind == "short":
        return "That short link leads to no track. Open it and paste the track's own link?"
    article = "an" if kind[0] in "aeiou" else "a"
    return f"That is {article} {kind} link; I listen to one track at a time. Paste a track link?"


def _later(seconds: float | None) -> str:
    minute, hour = 60, 3600
    if seconds is None or seconds <= minute:
        return "in a minute"
    if seconds < hour:
        return f"in about {round(seconds / minute)} minutes"
    return "in an hour or more"
