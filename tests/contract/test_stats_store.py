"""Contract of StatsStore, for databases and the fake."""

from dataclasses import replace

import pytest

from bot.domain.cards import Answer
from bot.domain.filing import Agreement, FiledUnder
from bot.domain.places import Place
from bot.domain.statistics import DisputedSong, WorkspaceStats
from bot.domain.tracks import Track
from bot.domain.votes import VoteKind
from tests.contract.all_stores import Stores
from tests.support.factories import prediction, sound_answer
from tests.support.store_values import (
    ALICE,
    ANSWER,
    BOB,
    FOLK,
    JAZZ,
    OTHER_PLACE,
    OTHER_TRACK,
    PLACE,
    RIGHT,
    TRACK,
)

WORKSPACE = replace(PLACE, channel="")
OTHER_CHANNEL = replace(PLACE, channel="other")


async def test_workspace_without_answers_has_empty_statistics(stores: Stores) -> None:
    await stores.add_card(place=OTHER_PLACE)
    assert await stores.stats.of(PLACE) == WorkspaceStats(0, 0, 0, 0, (), {}, {})


async def test_track_counts_once_with_its_newest_answer_in_the_workspace(stores: Stores) -> None:
    await stores.add_card(TRACK, "rock", energy=0.1, key=3)
    await stores.add_card(TRACK, "pop", energy=0.25, tempo=100)
    await stores.add_card(OTHER_TRACK, "pop", OTHER_CHANNEL, energy=0.75)
    await stores.add_card(Track("third"), "jazz", energy=0.5)
    await stores.add_card(TRACK, "metal", OTHER_PLACE, energy=1)
    stats = await stores.stats.of(WORKSPACE)
    assert (stats.answers, stats.tracks) == (4, 3)
    assert list(stats.genres.items()) == [("pop", 2), ("jazz", 1)]
    assert stats.features == {"energy": pytest.approx(0.5), "tempo": 100}
    assert await stores.stats.of(PLACE) == await stores.stats.of(OTHER_CHANNEL) == stats


async def test_answers_by_sound_alone_count_and_have_no_features(stores: Stores) -> None:
    await stores.add_card(TRACK, "rock", energy=0.5)
    for number in range(3):
        await stores.predictions.add(sound_answer(Track(sound_id=str(number))), PLACE)
    stats = await stores.stats.of(PLACE)
    assert (stats.answers, stats.tracks, stats.genres) == (4, 4, {"rock": 4})
    assert stats.features == {"energy": pytest.approx(0.5)}


async def test_workspace_that_only_sent_sounds_has_no_means(stores: Stores) -> None:
    card = await stores.predictions.add(sound_answer(), PLACE)
    await stores.vote(card, (VoteKind.CHOICE, "latin"))
    stats = await stores.stats.of(PLACE)
    assert stats.features == {}
    assert stats.confused == (("rock", "latin", 1),)


async def test_votes_are_compared_with_the_genre_predicted_on_their_card(stores: Stores) -> None:
    right, wrong = await stores.add_card(), await stores.add_card(OTHER_TRACK, "rock")
    away = await stores.add_card(Track("third"), place=OTHER_PLACE)
    for card, choice, user in (
        (right, RIGHT, ALICE),
        (right, JAZZ, BOB),
        (wrong, JAZZ, ALICE),
        (wrong, FOLK, ALICE),  # counts in place of the one before
        (wrong, FOLK, BOB),
        (away, JAZZ, ALICE),
    ):
        await stores.vote(card, choice, user)
    stats = await stores.stats.of(PLACE)
    assert (stats.votes, stats.agreed) == (4, 1)
    assert stats.confused == (("rock", "folk", 2), ("country", "jazz", 1))


async def test_vote_counts_in_the_workspace_where_it_was_given_last(stores: Stores) -> None:
    here, there = await stores.add_card(), await stores.add_card(place=OTHER_PLACE)
    await stores.vote(here, JAZZ)
    await stores.vote(there, FOLK)
    assert (await stores.stats.of(PLACE)).votes == 0
    assert (await stores.stats.of(OTHER_PLACE)).confused == (("country", "folk", 1),)


async def test_at_most_five_confused_pairs_are_returned(stores: Stores) -> None:
    card = await stores.add_card()
    genres = ("rock", "pop", "jazz", "folk", "blues", "metal")
    for number, genre in enumerate(genres):
        for user in range(number + 1):
            choice = (VoteKind.CHOICE, genre)
            await stores.vote(card, choice, f"{genre} {user}")
    stats = await stores.stats.of(PLACE)
    assert [(voted, count) for _, voted, count in stats.confused] == [
        *(("metal", 6), ("blues", 5), ("folk", 4), ("jazz", 3), ("pop", 2))
    ]
    assert stats.votes == 21


def filed(answer: Answer, *genres: str) -> Answer:
    return replace(answer, filed_under=FiledUnder(genres, "tables"))


async def test_tracks_are_counted_by_agreement_of_sound_and_filed_genre(stores: Stores) -> None:
    sounds_like_rock = replace(ANSWER, prediction=prediction("rock"))
    for number, genres in enumerate(
        [("rock",), ("rock",), ("metal", "rock"), ("jazz", "pop"), ("jazz",), ("blues",), ()]
    ):
        answer = replace(sounds_like_rock, subject=Track(f"track {number}"))
        await stores.predictions.add(filed(answer, *genres) if genres else answer, PLACE)
    away = replace(sounds_like_rock, subject=Track("away"))
    await stores.predictions.add(filed(away, "folk"), OTHER_PLACE)
    stats = await stores.stats.of(PLACE)
    assert stats.filed == {Agreement.AGREES: 2, Agreement.PARTLY: 1, Agreement.DISAGREES: 3}
    assert stats.apart == (("jazz", "rock", 2), ("blues", "rock", 1))


async def test_newest_answer_about_a_track_says_where_it_is_filed(stores: Stores) -> None:
    await stores.predictions.add(filed(ANSWER, "jazz"), PLACE)
    await stores.predictions.add(ANSWER, PLACE)
    stats = await stores.stats.of(PLACE)
    assert (stats.filed, stats.apart) == ({}, ())


async def test_at_most_five_pairs_of_filed_and_predicted_genre_are_returned(
    stores: Stores,
) -> None:
    for number, genre in enumerate(("rock", "pop", "jazz", "folk", "blues", "metal")):
        answer = replace(ANSWER, prediction=prediction("latin"), subject=Track(f"track {number}"))
        await stores.predictions.add(filed(answer, genre), PLACE)
    stats = await stores.stats.of(PLACE)
    assert [genre for genre, _, _ in stats.apart] == ["blues", "folk", "jazz", "metal", "pop"]
    assert stats.filed == {Agreement.DISAGREES: 6}


async def split(stores: Stores, title: str, *genres: str, place: Place = PLACE) -> Track:
    """Store an answer about a song, and a vote of another person for each genre."""
    track = Track(title.rjust(22, "0"), title, ("Someone",), url=f"https://a.example/{title}")
    card = await stores.add_card(track, place=place)
    for number, genre in enumerate(genres):
        await stores.vote(card, (VoteKind.CHOICE, genre), f"{title} {number}")
    return track


async def test_songs_with_the_most_split_votes_are_disputed(stores: Stores) -> None:
    await split(stores, "agreed", "pop", "pop", "pop")
    await split(stores, "too few", "pop", "rock")
    leaning = await split(stores, "leaning", "pop", "pop", "pop", "rock")
    even = await split(stores, "even", "rock", "pop", "rock", "pop")
    threefold = await split(stores, "threefold", "pop", "rock", "jazz")
    await split(stores, "far", "pop", "pop", "pop", "pop", "rock")
    await split(stores, "elsewhere", "pop", "rock", "jazz", place=OTHER_PLACE)
    stats = await stores.stats.of(replace(WORKSPACE, channel="another"))
    assert stats.disputed == (
        DisputedSong(threefold, {"jazz": 1, "pop": 1, "rock": 1}),
        DisputedSong(even, {"pop": 2, "rock": 2}),
        DisputedSong(leaning, {"pop": 3, "rock": 1}),
    )
    assert list(stats.disputed[2].votes) == ["pop", "rock"]


async def test_votes_on_all_answers_of_a_song_are_one_dispute(stores: Stores) -> None:
    cards = [await stores.add_card(), await stores.add_card(place=OTHER_CHANNEL)]
    for card, genre, user in ((cards[0], "pop", "a"), (cards[1], "pop", "b"), (cards[1], "x", "c")):
        await stores.vote(card, (VoteKind.CHOICE, genre), user)
    (song,) = (await stores.stats.of(PLACE)).disputed
    assert (song.track, song.votes) == (TRACK, {"pop": 2, "x": 1})
    await stores.votes.forget("c")
    assert (await stores.stats.of(PLACE)).disputed == ()


async def test_files_are_not_named_as_disputed(stores: Stores) -> None:
    card = await stores.predictions.add(sound_answer(Track(sound_id="a" * 32)), PLACE)
    for user, genre in enumerate(("pop", "rock", "jazz")):
        await stores.vote(card, (VoteKind.CHOICE, genre), str(user))
    assert (await stores.stats.of(PLACE)).disputed == ()
