import io

import discord
import pytest

from tests.stubs.discord.clients import PNG, EchoBot, intents, running
from tests.stubs.discord.objects import Channel, Intent, Permission, User
from tests.stubs.discord.rest import MESSAGES, REACTION
from tests.stubs.discord.server import DiscordStub


async def test_message_is_received_and_the_file_in_its_reply_is_unchanged(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    bot = EchoBot()
    async with running(discord_stub, bot):
        question_id = discord_stub.actions.post(music, ada, "hello")
        (reply,) = await discord_stub.wait_for_messages(music)

        assert bot.received == [("message", "hello")]
        assert reply["content"] == "echo hello"
        assert reply["message_reference"]["message_id"] == question_id
        assert reply["mentions"] == []
        assert discord_stub.file_contents(reply) == [PNG]
        (attachment,) = reply["attachments"]
        assert (attachment["filename"], attachment["description"]) == ("radar.png", "A radar chart")
        fetched = await bot.get_partial_messageable(int(music.id)).fetch_message(int(reply["id"]))
        assert await fetched.attachments[0].read() == PNG


async def test_edits_deletions_and_reactions_are_received(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    bot, actions = EchoBot(silent=True), discord_stub.actions
    async with running(discord_stub, bot):
        question_id = actions.post(music, ada, "one")
        actions.edit(question_id, "two")
        actions.react(question_id, ada, "🎸")
        actions.react(question_id, ada, "🎸")
        actions.react(question_id, ada, "🎸", added=False)
        actions.unfurl(question_id)
        actions.clear_reactions(question_id)
        other = actions.post(music, ada, "three")
        actions.delete(question_id, other)
        actions.delete(actions.post(music, ada, "four"))
        actions.post(music, ada, "last")
        await bot.wait_for_event("message", "last")
    assert [event for event in bot.received if event[0] != "message"] == [
        ("edit", "two"),
        ("add", "🎸"),
        ("remove", "🎸"),
        ("edit", "two"),
        ("clear", question_id),
        ("delete", f"{question_id} {other}"),
        ("delete", bot.received[-2][1]),
    ]


async def test_reactions_of_the_bot_are_stored(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    bot = EchoBot()
    async with running(discord_stub, bot):
        question_id = discord_stub.actions.post(music, ada, "one")
        await discord_stub.wait_for_messages(music)
        message = bot.get_partial_messageable(int(music.id)).get_partial_message(int(question_id))
        await message.add_reaction("🎸")
        assert discord_stub.state.reactions[question_id] == {"🎸": [discord_stub.state.bot_user]}
        fetched = await message.fetch()
        assert [(str(r.emoji), r.count, r.me) for r in fetched.reactions] == [("🎸", 1, True)]
        await message.remove_reaction("🎸", discord.Object(int(discord_stub.state.bot_user.id)))
        assert discord_stub.state.reactions[question_id] == {}
        assert len(discord_stub.calls_to("PUT", REACTION + "/@me")) == 1


async def test_events_lack_content_without_the_intent(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    bot, actions = EchoBot(intents=discord.Intents.default()), discord_stub.actions
    mention = f"<@{discord_stub.state.bot_user.id}> a link"
    async with running(discord_stub, bot):
        actions.post(music, ada, "a link")
        actions.post(music, ada, mention)
        first, *_ = await discord_stub.wait_for_messages(music, 2)
        actions.post(music, ada, "a reply", reply_to=first["id"])
        actions.post(music, ada, "no ping", reply_to=first["id"], ping=False)
        actions.post(actions.direct_messages(ada), ada, "in private")
        await bot.wait_for_event("message", "in private")
        assert [text for _, text in bot.received] == ["", mention, "a reply", "", "in private"]
        await discord_stub.wait_for_messages(music, 4)
        await discord_stub.wait_for_messages(actions.direct_messages(ada))


@pytest.mark.parametrize(
    ("denied", "code"),
    [
        (Permission.VIEW_CHANNEL, 50001),
        (Permission.SEND_MESSAGES, 50013),
        (Permission.ATTACH_FILES, 50013),
    ],
)
async def test_request_without_permission_is_refused(
    discord_stub: DiscordStub, music: Channel, denied: Permission, code: int
) -> None:
    discord_stub.actions.deny(music, denied)
    bot = EchoBot()
    async with running(discord_stub, bot):
        channel = bot.get_partial_messageable(int(music.id))
        with pytest.raises(discord.Forbidden) as refused:
            await channel.send("x", file=discord.File(io.BytesIO(PNG), "x.png"))
        assert refused.value.code == code
        assert discord_stub.messages(music) == []
        guild = bot.get_guild(int(music.guild.id)) if music.guild else None
        assert guild
        cached = guild.get_channel(int(music.id))
        assert cached
        permissions = cached.permissions_for(guild.me)
        assert not permissions & discord.Permissions(denied)
        assert permissions.read_message_history is (denied != Permission.VIEW_CHANNEL)


async def test_reaction_without_permission_is_refused(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    discord_stub.actions.deny(music, Permission.ADD_REACTIONS)
    question_id = discord_stub.actions.post(music, ada, "one")
    bot = EchoBot()
    async with running(discord_stub, bot):
        message = bot.get_partial_messageable(int(music.id)).get_partial_message(int(question_id))
        with pytest.raises(discord.Forbidden):
            await message.add_reaction("🎸")
        discord_stub.actions.react(question_id, ada, "🎸")
        await message.add_reaction("🎸")


async def test_deleted_message_and_channel_are_not_found(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    question_id = discord_stub.actions.post(music, ada, "one")
    bot = EchoBot()
    async with running(discord_stub, bot):
        channel = bot.get_partial_messageable(int(music.id))
        discord_stub.actions.delete(question_id)
        message = channel.get_partial_message(int(question_id))
        with pytest.raises(discord.NotFound) as unknown:
            await message.fetch()
        assert unknown.value.code == 10008
        with pytest.raises(discord.HTTPException, match="Unknown message"):
            await message.reply("x")
        answer = await channel.send("x", reference=message.to_reference(fail_if_not_exists=False))
        assert answer.reference is None
        discord_stub.actions.delete_channel(music)
        with pytest.raises(discord.NotFound) as unknown:
            await channel.send("x")
        assert unknown.value.code == 10003


async def test_messages_with_the_same_nonce_are_sent_once(
    discord_stub: DiscordStub, music: Channel
) -> None:
    bot = EchoBot()
    async with running(discord_stub, bot):
        route = discord.http.Route("POST", MESSAGES, channel_id=int(music.id))
        payload = {"content": "x", "nonce": "one", "enforce_nonce": True}
        first, second = [await bot.http.request(route, json=payload) for _ in range(2)]
        assert first["id"] == second["id"]
        assert len(discord_stub.messages(music)) == 1


async def test_fetched_messages_lack_content_without_the_intent(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    discord_stub.state.granted = Intent(0)
    question_id = discord_stub.actions.post(music, ada, "a link")
    bot = EchoBot(intents=discord.Intents.default())
    async with running(discord_stub, bot):
        channel = bot.get_partial_messageable(int(music.id))
        assert (await channel.fetch_message(int(question_id))).content == ""
        own = await channel.send("x")
        assert (await own.fetch()).content == "x"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        pytest.param({"content": "x" * 2001}, "2001 characters", id="too long"),
        pytest.param({"content": 5}, "content", id="wrong type"),
        pytest.param({}, "empty message", id="empty"),
        pytest.param({"components": [{"type": 10, "content": "x"}]}, "V2 flag", id="no flag"),
        pytest.param(
            {
                "flags": 1 << 15,
                "components": [
                    {"type": 12, "items": [{"media": {"url": "attachment://no.png"}}]},
                ],
            },
            "no.png",
            id="missing file",
        ),
        pytest.param(
            {"flags": 1 << 15, "components": [{"type": 10, "content": "x" * 2001}] * 2},
            "4002 characters",
            id="too much text",
        ),
    ],
)
async def test_message_that_discord_refuses_is_a_violation(
    discord_stub: DiscordStub, music: Channel, body: dict[str, object], error: str
) -> None:
    bot = EchoBot(intents=intents())
    async with running(discord_stub, bot):
        with pytest.raises(discord.HTTPException) as refused:
            await bot.http.request(
                discord.http.Route("POST", MESSAGES, channel_id=int(music.id)), json=body
            )
    assert refused.value.status == 400
    assert error in discord_stub.violations.pop()
    assert discord_stub.messages(music) == []


async def test_only_allowed_mentions_mention(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    bot = EchoBot()
    async with running(discord_stub, bot):
        channel = bot.get_partial_messageable(int(music.id))
        await channel.send(f"<@{ada.id}> @everyone")
        await channel.send(
            f"<@{ada.id}> @everyone", allowed_mentions=discord.AllowedMentions.none()
        )
    mentioning, silent = discord_stub.messages(music)
    assert ([user["id"] for user in mentioning["mentions"]], mentioning["mention_everyone"]) == (
        [ada.id],
        True,
    )
    assert (silent["mentions"], silent["mention_everyone"]) == ([], False)


async def test_unknown_route_is_a_violation(discord_stub: DiscordStub) -> None:
    bot = EchoBot()
    async with running(discord_stub, bot):
        with pytest.raises(discord.NotFound):
            await bot.http.request(discord.http.Route("GET", "/voice/regions"))
    assert discord_stub.violations.pop() == "GET /voice/regions is not implemented"


async def test_failed_wait_reports_a_log(discord_stub: DiscordStub, music: Channel) -> None:
    discord_stub.timeout = 0.01
    with pytest.raises(AssertionError, match="still waiting"):
        await discord_stub.wait_for_messages(music)
