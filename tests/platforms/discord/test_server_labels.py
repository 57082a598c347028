"""A server's own labels: who may change them, by which commands, and where they are displayed."""

import pytest
from simcord import SetupError

from bot.platforms.discord.label_commands import LabelForm
from bot.texts import own_labels as words
from tests.platforms.discord.chat import OTHER_LINK, Chat, text_of
from tests.support.factories import HEROES
from tests.support.fake_app import LINK
from tests.support.label_songs import examples


async def teach_five(chat: Chat, name: str) -> None:
    """Teach a label five songs like the one at OTHER_LINK."""
    for example in examples(chat.app.features.known[HEROES], 5):
        await chat.app.own_labels.teach(chat.place(), name, example)


@pytest.mark.parametrize("command", ["teach", "forget"])
async def test_changing_labels_requires_the_manage_server_permission(
    chat: Chat, command: str
) -> None:
    await teach_five(chat, "gym")
    options = {"label": "gym", **({"song": LINK} if command == "teach" else {})}
    result = await chat.ann.slash(chat.music, f"genre-labels {command}", **options)
    assert result.ephemeral
    assert text_of(result.response).strip() == words.not_allowed("discord")
    (label,) = await chat.app.own_labels.of(chat.place())
    assert len(label.examples) == 5
    result = await chat.manager().slash(chat.music, f"genre-labels {command}", **options)
    assert result.ephemeral
    assert words.not_allowed("discord") not in text_of(result.response)


async def test_teaching_by_a_card_requires_the_manage_server_permission(chat: Chat) -> None:
    card = await chat.card(OTHER_LINK)
    with pytest.raises(SetupError, match="default-member-permissions"):
        await chat.ann.context_menu(chat.music, words.TEACH_BY_CARD, card)


async def test_every_member_may_list_the_labels(chat: Chat) -> None:
    await teach_five(chat, "gym")
    result = await chat.ann.slash(chat.music, "genre-labels list")
    assert result.ephemeral
    assert "gym: in a test I recognise 5 of its 5 songs" in text_of(result.response)


async def test_manager_teaches_lists_and_forgets(chat: Chat) -> None:
    manager = chat.manager()
    taught = await manager.slash(chat.music, "genre-labels teach", label="late night", song=LINK)
    assert "“late night” now has Old Town Road" in text_of(taught.response).replace("\\", "")
    await manager.slash(chat.music, "genre-labels teach", label="gym", song="heroes")
    listed = text_of((await manager.slash(chat.music, "genre-labels list")).response)
    assert listed.strip().splitlines() == [
        "late night: 1 song, too few: cards can show it after 4 more.",
        "gym: 1 song, too few: cards can show it after 4 more.",
    ]
    forgotten = await manager.slash(
        chat.music, "genre-labels forget", label="late night", song="old town"
    )
    assert "so the label is deleted" in text_of(forgotten.response)
    await manager.slash(chat.music, "genre-labels forget", label="GYM")
    listed = text_of((await manager.slash(chat.music, "genre-labels list")).response)
    assert words.TEACHING["discord"] in listed


async def test_without_a_song_the_last_one_that_was_asked_about_teaches(chat: Chat) -> None:
    manager = chat.manager()
    await manager.slash(chat.music, "genre", song=OTHER_LINK)
    await manager.slash(chat.music, "genre-labels teach", label="gym")
    (label,) = await chat.app.own_labels.of(chat.place())
    assert [one.track_key for one in label.examples] == [HEROES]


async def test_card_displays_the_label_also_after_a_vote_and_in_its_description(
    chat: Chat,
) -> None:
    await teach_five(chat, "late night")
    card = await chat.card(OTHER_LINK)
    assert "This server's labels: late night" in text_of(card)
    await chat.app.own_labels.clear(chat.place())
    await chat.ann.react(card, "🎷")
    shown = chat.current(card)
    assert "1 says jazz" in text_of(shown)
    assert "This server's labels: late night" in text_of(shown)  # as it was answered


async def test_other_server_does_not_see_the_label(chat: Chat) -> None:
    await teach_five(chat, "late night")
    other = chat.env.create_guild("other")
    channel = other.create_text_channel("channel")
    await other.add_member(chat.ann.user).send(channel, OTHER_LINK)
    (card,) = chat.replies(channel)
    assert "labels:" not in text_of(card)


async def test_names_of_labels_and_songs_are_suggested(chat: Chat) -> None:
    await teach_five(chat, "late night")
    manager = chat.manager()
    for command in ("teach", "forget"):
        found = await manager.autocomplete(chat.music, f"genre-labels {command}", "label", "night")
        assert [one["value"] for one in found] == ["late night"]
    songs = await manager.autocomplete(
        chat.music, "genre-labels forget", "song", "song 3", label="late night"
    )
    assert [one["value"] for one in songs] == ["Song 3 - Artist"]
    found = await manager.autocomplete(
        chat.music, "genre-labels teach", "song", "old town", label="x"
    )
    assert [one["value"] for one in found] == [LINK]


async def test_command_on_a_card_teaches_its_song(chat: Chat) -> None:
    card = await chat.card(OTHER_LINK)
    manager = chat.manager()
    shown = await manager.context_menu(chat.music, words.TEACH_BY_CARD, card)
    name = LabelForm.name.custom_id
    result = await manager.submit_modal(shown, {name: "late night"})
    assert "“late night” now has Heroes" in text_of(result.response)
    (label,) = await chat.app.own_labels.of(chat.place())
    assert [one.track_key for one in label.examples] == [HEROES]


async def test_command_on_a_card_that_is_no_longer_stored_says_so(chat: Chat) -> None:
    card = await chat.card(OTHER_LINK)
    manager = chat.manager()
    shown = await manager.context_menu(chat.music, words.TEACH_BY_CARD, card)
    chat.app.predictions.cards.clear()
    result = await manager.submit_modal(shown, {LabelForm.name.custom_id: "late night"})
    assert text_of(result.response).strip() == "I no longer know that card."


async def test_command_on_another_message_says_that_it_is_no_card(chat: Chat) -> None:
    pasted = await chat.ann.send(chat.music, "hello")
    result = await chat.manager().context_menu(chat.music, words.TEACH_BY_CARD, pasted)
    assert result.ephemeral
    assert words.NO_CARD in text_of(result.response)


async def test_server_that_the_bot_leaves_loses_its_labels(chat: Chat) -> None:
    await teach_five(chat, "late night")
    chat.env.backend.emit("GUILD_DELETE", {"id": str(chat.guild.id)})
    await chat.env.settle()
    assert await chat.app.own_labels.of(chat.place()) == []
