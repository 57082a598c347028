"""Songs to try are built in, and the help fits on a card."""

from bot import texts
from bot.domain.channel_settings import ChannelSettings
from bot.sources import embedded_songs
from bot.texts import discord, group_chat, manners


def test_songs_to_try_are_built_in() -> None:
    known = {song.track.spotify_id: song.track.title for song in embedded_songs.load()}
    for example in manners.EXAMPLES:
        assert known[example.ref.id].startswith(example.label)


def test_help_is_short() -> None:
    assert len(manners.HELP.splitlines()) <= 9
    assert len(manners.WELCOME.splitlines()) <= 4


def test_help_ends_with_a_paragraph_on_the_commands_of_a_server() -> None:
    *_, empty, commands = manners.HELP.splitlines()
    assert empty == ""
    assert commands.startswith("`/genre-stats`")


def test_an_option_and_the_settings_say_the_same_of_previews() -> None:
    said = texts.settings(ChannelSettings(removes_previews=True), everywhere=False)
    assert said.endswith("previews of answered links are removed.")
    assert f"Whether {group_chat.PREVIEWS_REMOVED}" == discord.REMOVE_PREVIEWS
