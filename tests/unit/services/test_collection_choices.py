from dataclasses import replace

from bot.domain.replies import Choice
from bot.domain.tracks import Track
from bot.services.collection_choices import song_choices
from tests.support.fake_collections import listed, song, summary


def numbers(choices: tuple[Choice, ...]) -> list[int]:
    return [int(choice.ref.id) for choice in choices]


def test_all_songs_in_their_order() -> None:
    found = song_choices(summary(3), 25)
    assert found == tuple(
        Choice(f"{number}. Song {number}: hip-hop 62 %", ref)
        for number in (1, 2, 3)
        if (ref := song(number).ref)
    )
    assert len(found) == 3


def test_most_typical_and_oddest_song_are_among_few() -> None:
    answer = replace(summary(100), most_typical=listed(70), oddest=listed(33))
    assert numbers(song_choices(answer, 25)) == [*range(1, 24), 33, 70]
    assert numbers(song_choices(summary(2), 1)) == [1]


def test_song_without_an_id_cannot_be_chosen() -> None:
    nameless = replace(listed(2), track=Track(title="Heroes"))
    assert numbers(song_choices(summary(tracks=(listed(1), nameless)), 25)) == [1]
