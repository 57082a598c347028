"""Domain values as JSON for the page, which inserts all of it as text."""

import hashlib
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from bot import texts
from bot.domain import emoji, links, song_ids, what_if
from bot.domain.cards import MAX_BARS, Answer, Card, Theme, displayed_genres
from bot.domain.collections import CollectionSummary, CollectionTrack
from bot.domain.pictures import PictureFormat
from bot.domain.places import PAGE
from bot.domain.replies import Notice, Summary
from bot.domain.sanitize import one_line
from bot.domain.tracks import Track
from bot.domain.votes import Ballot, VoteKind
from bot.texts import collections, share, web_page
from bot.texts.verdicts import says_filing
from model.verdicts import Verdict

MAX_FILE_NAME: Final = 80
"""Characters of a saved card's name, without its suffix."""

FILE_NAME: Final = "soundslike"
"""Stands for a name of which no character may be in a file's name."""

_NOT_IN_FILE_NAMES: Final = re.compile(r'[\\/:*?"<>|]')
"""On Windows; other systems allow more."""

Json = dict[str, Any]


def answer(answer: Answer, tally: Mapping[str, int]) -> Json:
    """Return a card of an answer that is not stored, which has no chart and no files.

    Args:
        answer: The answer.
        tally: The number of votes of all visitors by genre.
    """
    track = answer.subject
    return {
        "type": "card",
        "answer": _digest(answer),
        "track": {
            "key": track.key,
            "title": texts.title(track),
            "artists": texts.artists(track),
            "url": https_only(track.url),
            "open": texts.open_in(track.url or ""),
            "image": https_only(track.image),
        },
        "song": _song_addresses(answer, song_ids.song_id(track)),
        "emoji": _emoji(answer),
        "verdict": texts.unbroken(texts.verdict(answer)),
        "heard": texts.unbroken(texts.heard_line(answer)),
        "sound_opinion": texts.unbroken(texts.sound_opinion(answer)),
        "filed_under": texts.unbroken(texts.filed_under(answer)),
        "own_labels": texts.unbroken(texts.label_fits(answer, PAGE)),
        "facts": texts.unbroken(texts.facts(answer)),
        "why": texts.unbroken(texts.why(answer)),
        "details": texts.unbroken(texts.details(answer)).splitlines(),
        "small_print": texts.small_print(answer),
        "genres": _bars(answer),
        "chart": None,
        "options": _options(answer),
        "tally": texts.vote_tally(tally),
        "save": None,
    }


def card(card: Card, votes: Ballot, tally: Mapping[str, int]) -> Json:
    """Return a stored card with the visitor's vote; `tally` as in `answer`."""
    shown = answer(card.answer, tally)
    return {
        **shown,
        "id": card.id,
        "chart": _chart(f"/charts/{card.id}.png", shown["answer"], texts.alt(card.answer, PAGE)),
        "ballot": ballot(votes),
        "save": _save(f"/cards/{card.id}", card.answer),
    }


def song(found: Answer, song_id: str, version: str, tally: Mapping[str, int]) -> Json:
    """Return the card of a song that is not stored, with addresses below that of its page.

    Args:
        found: The answer.
        song_id: The song's id in addresses.
        version: What is equal for equal answers only.
        tally: As in `answer`.
    """
    address = song_address(song_id)
    return {
        **answer(found, tally),
        "song": _song_addresses(found, song_id),
        "chart": _chart(f"{address}/chart.png", version, texts.alt(found)),
        "ballot": ballot(Ballot()),
        "save": _save(f"{address}/card", found),
    }


def summary(summary: Summary) -> Json:
    """Return a stored summary of an album, a playlist or an artist."""
    version, alt = _digest(summary.answer), collections.alt(summary.answer)
    return {
        **collection(summary.answer),
        "id": summary.id,
        "chart": _chart(f"/charts/summaries/{summary.id}.png", version, alt),
    }


def collection(answer: CollectionSummary) -> Json:
    """Return a summary that is not stored, which has no chart."""
    return {
        "type": "summary",
        "track": {
            "key": str(answer.ref),
            "title": collections.name(answer),
            "artists": collections.names(answer),
            "url": https_only(answer.url),
            "open": texts.open_in(answer.url or ""),
            "image": https_only(answer.image),
        },
        "kind": collections.kind(answer),
        "emoji": emoji.GENRES.get(answer.best, ""),
        "sentence": texts.unbroken(collections.sentence(answer)),
        "gaps": texts.unbroken(collections.gaps(answer)),
        "small_print": texts.unbroken(collections.small_print(answer)),
        "genres": bars(dict(islice(answer.genres.items(), MAX_BARS))),
        "chart": None,
        "songs": [_song(one, answer) for one in answer.tracks],
    }


def dispute(answer: Answer) -> Json:
    """Return a famous song whose filing and sound differ, with the message that asks for it."""
    track = answer.subject
    return {
        "title": web_page.song_name(track),
        "artists": texts.artists(track),
        "said": [texts.unbroken(sentence) for sentence in share.genre_sentences(answer)],
        "genres": _bars(answer),
        "text": message_for(track),
    }


def message_for(track: Track) -> str:
    """Return the message that asks for a track in the chat."""
    by_name = f"/genre {texts.title(track)} - {texts.artists(track)}"
    return links.subject_address(track.ref) if track.ref else by_name


def notice(notice: Notice) -> Json:
    """Return a notice, with the messages that ask for the songs that it offers, and their pages."""
    choices = [
        {
            "label": choice.label,
            "text": links.subject_address(choice.ref),
            "address": song_address(song_ids.of_ref(choice.ref)),
        }
        for choice in notice.choices
    ]
    sent: Json = {"type": "notice", "code": notice.kind, "text": notice.text}
    return sent | {"choices": choices} if choices else sent


def ballot(votes: Ballot) -> Json:
    """Return the visitor's one choice, in values and in words."""
    chosen = [{"kind": VoteKind.CHOICE.value, "genre": votes.counted}] if votes.counted else []
    return {"active": chosen, "counted": votes.counted, "said": web_page.current_vote(votes)}


def song_address(song_id: str) -> str:
    """Return the address of a song's page; for ids see `bot.domain.song_ids`."""
    return f"/song/{song_id}"


def _song_addresses(answer: Answer, found: str | None) -> Json | None:
    """Return the id of a track in addresses and its pages; None if it has none, such as a file."""
    if found is None:
        return None
    return {
        "id": found,
        "address": song_address(found),
        "compare": f"/compare?{urlencode({'a': found})}",
        "what_if": _what_if(answer, found),
    }


def _what_if(answer: Answer, song: str) -> str:
    """Return the address with an answer's values as sliders; what is not known is said to be so."""
    features = answer.features
    values = features.with_year(answer.subject.year) if features.values else {}
    unknown = answer.prediction.missing if values else ()
    return what_if.address(what_if.rounded(values), unknown, song=song)


def _emoji(answer: Answer) -> str:
    """Return the predicted genre's emoji; empty if the verdict does not begin with that genre."""
    is_first = answer.prediction.verdict is not Verdict.UNSURE and not says_filing(answer)
    return emoji.GENRES.get(answer.prediction.best, "") if is_first else ""


def _chart(address: str, version: str, alt: str) -> Json:
    """Return a chart, with its address in each theme; `version` differs between its pictures."""
    addresses = {theme.value: f"{address}?theme={theme.value}&v={version}" for theme in Theme}
    return {**addresses, "alt": alt, "missing": texts.CHART_MISSING}


def _save(address: str, answer: Answer) -> Json:
    """Return the card's files, whose addresses begin with `address`."""
    return {
        "address": address,
        "name": file_name(answer.subject),
        "formats": [format_.value for format_ in PictureFormat],
    }


def _digest(answer: Answer | CollectionSummary) -> str:
    """Return what is equal for equal answers only."""
    return hashlib.sha256(repr(answer).encode()).hexdigest()[:12]


def bars(genres: Mapping[str, float]) -> list[Json]:
    """Return genres with their probabilities, or their shares of songs, in the same order."""
    return [
        {"genre": genre, "share": share, "percent": texts.percent(share)}
        for genre, share in genres.items()
    ]


def _bars(answer: Answer) -> list[Json]:
    filed = answer.filed_under.genres if answer.filed_under else ()
    return [bar | {"filed": bar["genre"] in filed} for bar in bars(displayed_genres(answer))]


def file_name(track: Track) -> str:
    """Return the name of a track's card as a file, without a suffix."""
    headline = _NOT_IN_FILE_NAMES.sub(" ", texts.headline(track))
    return one_line(headline, MAX_FILE_NAME).strip(" .") or FILE_NAME


def _song(one: CollectionTrack, answer: CollectionSummary) -> Json:
    """Return a song of a summary, with the message that asks for its card and its page.

    Without an id it has neither.
    """
    notes = ((answer.most_typical, collections.MOST_TYPICAL), (answer.oddest, collections.ODDEST))
    return {
        "number": one.number,
        "title": texts.title(one.track),
        "artists": texts.artists(one.track),
        "genre": one.genre,
        "percent": texts.percent(one.probability),
        "emoji": emoji.GENRES.get(one.genre, ""),
        "note": next((note for noted, note in notes if noted == one), ""),
        "text": links.subject_address(one.track.ref) if one.track.ref else None,
        "address": song_address(song_ids.of_ref(one.track.ref)) if one.track.ref else None,
    }


def https_only(url: str | None) -> str | None:
    """Return `url` if it is an https address, else None (as for `javascript:`)."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme == "https" and parts.netloc else None


def _options(answer: Answer) -> list[Json]:
    """Return the genres to vote for with one press, with their labels; the predicted one first."""
    best = answer.prediction.best
    return [
        {
            "kind": (VoteKind.RIGHT if genre == best else VoteKind.CHOICE).value,
            "genre": genre,
            "label": label,
            "emoji": emoji.GENRES[genre] if label == genre else emoji.RIGHT,
        }
        for genre, label in texts.vote_labels(answer).items()
    ]
