"""Songs to try are built in, and the help fits on a card."""

from bot.sources import embedded_songs
from bot.texts import manners


def test_songs_to_try_are_built_in() -> None:
    known = {song.track.spotify_id: song.track.title for song in embedded_songs.load()}
    for example in manners.EXAMPLES:
        assert known[example.ref.id].startswith(example.label)


def test_help_is_short() -> None:
    assert len(manners.HELP.splitlines()) <= 9
    assert len(manners.WELCOME.splitlines()) <= 4
