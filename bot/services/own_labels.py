"""Use case: name, teach, list and delete the labels of a workspace."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from bot.domain import links
from bot.domain.cards import Answer, Card
from bot.domain.errors import SoundslikeError, TrackNotFound, UnknownCard
from bot.domain.label_words import Action, Named, is_open_quote, read_action, read_named
from bot.domain.own_labels import (
    LabelOverview,
    LabelProblem,
    LabelRefused,
    OwnLabel,
    OwnLabelStore,
    example_of,
    find_example,
    find_label,
    folded,
    read_name,
    unquoted,
)
from bot.domain.places import Place
from bot.domain.replies import Notice, NoticeKind
from bot.domain.sanitize import one_line
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.services.classify import ClassifyService
from bot.services.failures import failure_notice, value_or_none
from bot.services.find import FindService
from bot.services.label_fits import KnownLabels, LabelFits
from bot.texts import own_labels as words
from bot.texts.card import headline

MAX_SUGGESTIONS: Final = 25
"""Suggestions of a command's option, by Discord's documentation."""

MAX_SAID_LENGTH: Final = 80
"""Characters of an unknown label's name in a sentence."""

Latest = Callable[[], Awaitable[Sequence[Card]]]
"""Returns the cards that a person got, the newest first; raises StorageFailed."""


class OwnLabelService:
    """The labels of workspaces. Methods return sentences; callers check who may use them.

    Args:
        store: The labels.
        fits: Learns them.
        find: Finds songs.
        classify: Measures songs.
    """

    def __init__(
        self, store: OwnLabelStore, fits: LabelFits, find: FindService, classify: ClassifyService
    ) -> None:
        self._store = store
        self._fits = fits
        self._find = find
        self._classify = classify

    async def run(self, place: Place, text: str, latest: Latest) -> Notice:
        """Run a typed command: `list`, `teach NAME [SONG]` or `forget NAME [SONG]`.

        Without a song, `teach` means that of the first card in `latest`.
        """
        match read_action(text):
            case Action.LIST, "":
                return await self.overview(place)
            case (Action.TEACH | Action.FORGET) as action, said if said:
                return await _notice(place, self._change(place, action, said, latest))
        return Notice(NoticeKind.USAGE, words.usage(place.platform))

    async def overview(self, place: Place) -> Notice:
        """Return the labels in words, with how well their songs are recognised."""
        return await _notice(place, self._overview(place))

    async def teach(self, place: Place, label: str, song: str, latest: Latest) -> Notice:
        """Add a song to a label, which is created if there is none.

        Args:
            place: A place in the workspace.
            label: The label's name.
            song: A link or a name; empty for the song of the newest card in `latest`.
            latest: Cards; asked for without a song only.
        """
        return await _notice(place, self._teach(place, label, song, latest), song)

    async def teach_by_card(self, place: Place, label: str, card: Card | None) -> Notice:
        """Add the song of a card to a label; None stands for a card that is not known."""
        return await _notice(place, self._teach_by_card(place, label, card))

    async def forget(self, place: Place, label: str, song: str = "") -> Notice:
        """Remove a song from a label; without a song, delete the label with its songs."""
        return await _notice(place, self._forget(place, label, song), song)

    async def forget_all(self, place: Place) -> None:
        """Delete all labels of a workspace that removed the bot; raise StorageFailed."""
        await self._store.clear(place)

    async def names(self, place: Place, typed: str) -> Sequence[str]:
        """Return names of labels that contain a text; none if they cannot be read."""
        wanted = folded(typed.strip())
        return [one.name for one in await self._labels(place) if wanted in folded(one.name)][
            :MAX_SUGGESTIONS
        ]

    async def songs(self, place: Place, label: str, typed: str) -> Sequence[str]:
        """Return a label's songs that contain a text; none if there is no such label."""
        found = find_label(await self._labels(place), label)
        wanted = typed.strip().casefold()
        songs = [one.song for one in found.examples] if found else []
        return [song for song in songs if wanted in song.casefold()][:MAX_SUGGESTIONS]

    async def _labels(self, place: Place) -> Sequence[OwnLabel]:
        return await value_or_none(self._store.of(place), "labels") or []

    async def _overview(self, place: Place) -> Notice:
        known = await self._fits.read(place)
        return Notice(NoticeKind.DONE, words.overview(_overview(known), place.platform))

    async def _change(self, place: Place, action: Action, said: str, latest: Latest) -> Notice:
        """Do what typed words say after `teach` or `forget`."""
        named = read_named(said, await self._store.of(place))
        if action is Action.TEACH:
            _require_certain(named)
            return await self.teach(place, named.label, named.song, latest)
        label = named.label if named.is_certain else said
        return await self.forget(place, label, named.song if named.is_certain else "")

    async def _teach(self, place: Place, label: str, song: str, latest: Latest) -> Notice:
        name = read_name(label)
        answer = await self._answer(song) if song.strip() else _newest(await latest())
        return await self._add(place, name, answer)

    async def _teach_by_card(self, place: Place, label: str, card: Card | None) -> Notice:
        name = read_name(label)
        if card is None:
            raise UnknownCard
        return await self._add(place, name, card.answer)

    async def _add(self, place: Place, name: str, answer: Answer) -> Notice:
        example = example_of(answer, headline(answer.subject))
        taught = await self._store.teach(place, name, example)
        overview = _overview(await self._fits.read(place))
        return Notice(NoticeKind.DONE, words.taught(taught, example, overview))

    async def _forget(self, place: Place, label: str, song: str) -> Notice:
        found = find_label(await self._store.of(place), label)
        if found is None:
            said = one_line(unquoted(label), MAX_SAID_LENGTH)
            raise LabelRefused(LabelProblem.UNKNOWN_LABEL, said)
        if not song.strip():
            await self._store.forget_label(place, found.name)
            await self._fits.read(place)
            return Notice(NoticeKind.DONE, words.label_deleted(found))
        example = find_example(found, song)
        if example is None and links.find(song).links:
            subject = await self._subject(song)
            key = await self._classify.key_of(subject)
            example = find_example(found, key)
        if example is None:
            raise LabelRefused(LabelProblem.UNKNOWN_SONG, found.name)
        await self._store.forget_song(place, found.name, example.track_key)
        overview = _overview(await self._fits.read(place))
        left = find_label(overview.labels, found.name)
        return Notice(NoticeKind.DONE, words.song_forgotten(found, example, left, overview))

    async def _answer(self, song: str) -> Answer:
        found = await self._find.find(unquoted(song))
        if isinstance(found, SubjectRef):
            return await self._classify.answer(_song(found))
        if found.best is None:
            names = [headline(track) for track in found.close]
            raise LabelRefused(LabelProblem.SEVERAL_SONGS, "; ".join(names))
        return await self._classify.answer_track(found.best)

    async def _subject(self, song: str) -> SubjectRef:
        found = await self._find.find(unquoted(song))
        if not isinstance(found, SubjectRef):
            raise TrackNotFound
        return _song(found)


def _overview(known: KnownLabels) -> LabelOverview:
    return LabelOverview(tuple(known.labels), known.learned.figures, known.learned.alike)


def _require_certain(named: Named) -> None:
    """Raise LabelRefused if it is not clear where a label's name ends, or for its first word."""
    if named.is_certain:
        return
    if not is_open_quote(named.label):
        read_name(named.label)
    raise LabelRefused(LabelProblem.NAME_UNCLEAR)


def _newest(latest: Sequence[Card]) -> Answer:
    """Return the answer of the newest card with features; raise LabelRefused without one."""
    for card in latest:
        if card.answer.features.values:
            return card.answer
    raise LabelRefused(LabelProblem.NO_SONG)


def _song(ref: SubjectRef) -> SubjectRef:
    if ref.kind is not SubjectKind.TRACK:
        raise LabelRefused(LabelProblem.NOT_A_SONG)
    return ref


async def _notice(place: Place, work: Awaitable[Notice], song: str = "") -> Notice:
    """Return the awaited sentence, or that of an error, which may name the song."""
    try:
        return await work
    except LabelRefused as error:
        return Notice(error.kind, words.refusal(error.problem, error.about, place.platform))
    except SoundslikeError as error:
        said = unquoted(song)
        notice = failure_notice(error, "labels", links.without_scheme(said) or said)
        return replace(notice, text=words.failure(error) or notice.text)
