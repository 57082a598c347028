"""The stub replies with Slack's errors and records requests."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.stubs.slack import faults
from tests.stubs.slack.objects import Channel, User, Workspace
from tests.stubs.slack.server import SlackStub


async def error_code(client: AsyncWebClient, method: str, **arguments: object) -> str:
    """Return the error code of a request that fails."""
    with pytest.raises(SlackApiError) as failed:
        await client.api_call(method, json=arguments)
    return str(failed.value.response["error"])


async def test_requests_need_token_membership_and_scope(
    slack_stub: SlackStub, client: AsyncWebClient, team: Workspace, music: Channel
) -> None:
    post = {"channel": music.id, "text": "hello"}
    invalid = AsyncWebClient("xoxb-wrong", base_url=slack_stub.api)
    assert await error_code(invalid, "chat.postMessage", **post) == "invalid_auth"
    anonymous = AsyncWebClient(base_url=slack_stub.api)
    assert await error_code(anonymous, "chat.postMessage", **post) == "not_authed"
    music.joined = False
    assert await error_code(client, "chat.postMessage", **post) == "not_in_channel"
    music.kind = "group"
    assert await error_code(client, "chat.postMessage", **post) == "channel_not_found"
    team.scopes.remove("chat:write")
    assert await error_code(client, "chat.postMessage", **post) == "missing_scope"
    team.revoked = True
    assert await error_code(client, "auth.test") == "account_inactive"


async def test_channels_of_other_workspaces_are_not_found(
    slack_stub: SlackStub, client: AsyncWebClient
) -> None:
    other = slack_stub.actions.channel(slack_stub.state.workspace())
    post = {"channel": other.id, "text": "hello"}
    assert await error_code(client, "chat.postMessage", **post) == "channel_not_found"


@pytest.mark.parametrize(
    ("post", "code"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "t" * 40_001}, "msg_too_long"),
        ({"text": "t", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "<!channel>"}, "mention"),
    ],
)
async def test_message_that_breaks_a_rule_is_a_violation(
    slack_stub: SlackStub,
    client: AsyncWebClient,
    music: Channel,
    post: dict[str, object],
    code: str,
) -> None:
    assert await error_code(client, "chat.postMessage", channel=music.id, **post) == code
    (violation,) = slack_stub.take_violations()
    assert violation.startswith(f"chat.postMessage: {code}")


async def test_method_that_is_not_implemented_is_a_violation(
    slack_stub: SlackStub, client: AsyncWebClient
) -> None:
    assert await error_code(client, "conversations.list") == "unknown_method"
    assert len(slack_stub.take_violations()) == 1


async def test_missing_reactions_messages_and_threads_are_errors(
    client: AsyncWebClient, music: Channel, slack_stub: SlackStub, ada: User
) -> None:
    written = slack_stub.actions.write(music, ada, "hello")
    react = {"channel": music.id, "timestamp": written["ts"], "name": "guitar"}
    await client.api_call("reactions.add", json=react)
    assert await error_code(client, "reactions.add", **react) == "already_reacted"
    missing = {"channel": music.id, "timestamp": "1.1", "name": "guitar"}
    assert await error_code(client, "reactions.add", **missing) == "message_not_found"
    foreign = {"channel": music.id, "ts": written["ts"], "text": "t", "parse": "none"}
    assert await error_code(client, "chat.update", **foreign) == "cant_update_message"
    assert await error_code(client, "chat.delete", **foreign) == "cant_delete_message"
    reply = {"channel": music.id, "text": "t", "thread_ts": "1.1"}
    assert await error_code(client, "chat.postMessage", **reply) == "thread_not_found"


async def test_file_must_be_uploaded_completely_before_it_is_shared(
    slack_stub: SlackStub, client: AsyncWebClient, music: Channel, session: aiohttp.ClientSession
) -> None:
    announced = await client.files_getUploadURLExternal(filename="a.png", length=3)
    completion = {"files": f'[{{"id": "{announced["file_id"]}"}}]', "channel_id": music.id}
    assert (
        await error_code(client, "files.completeUploadExternal", **completion) == "file_not_found"
    )
    await (await session.post(str(announced["upload_url"]), data=b"no")).read()
    code = await error_code(client, "files.completeUploadExternal", **completion)
    assert code == "file_upload_size_mismatch"
    assert len(slack_stub.take_violations()) == 1
    await (await session.post(str(announced["upload_url"]), data=b"yes")).read()
    await client.api_call("files.completeUploadExternal", json=completion)
    assert slack_stub.state.files[str(announced["file_id"])].data == b"yes"


async def test_fault_applies_to_the_given_number_of_requests(
    slack_stub: SlackStub, client: AsyncWebClient
) -> None:
    slack_stub.fail("auth.test", faults.api_error("fatal_error"), times=2)
    assert await error_code(client, "auth.test") == "fatal_error"
    assert await error_code(client, "auth.test") == "fatal_error"
    await client.auth_test()
    assert len(slack_stub.calls_to("auth.test")) == 3


BLOCK = {"type": "section", "text": {"type": "mrkdwn", "text": "t"}}
METADATA = {"event_type": "card", "event_payload": {"id": "7"}}


async def test_history_returns_block_ids_and_metadata_if_asked(
    client: AsyncWebClient, music: Channel
) -> None:
    blocks = [BLOCK | {"block_id": "own"}, BLOCK]
    sent = await client.chat_postMessage(
        channel=music.id, text="t", blocks=blocks, metadata=METADATA
    )
    ts = str(sent["ts"])
    await client.chat_update(channel=music.id, ts=ts, text="t", blocks=blocks, parse="none")
    for method, query in (("conversations.history", {}), ("conversations.replies", {"ts": ts})):
        place = {"channel": music.id, **query}
        with_metadata = await client.api_call(
            method, params=place | {"include_all_metadata": "true"}
        )
        (found,) = with_metadata["messages"]
        assert found["metadata"] == METADATA
        first, second = (block["block_id"] for block in found["blocks"])
        assert first == "own"
        assert second
        (plain,) = (await client.api_call(method, params=place))["messages"]
        assert "metadata" not in plain


async def test_history_is_bounded_by_time_and_limit(client: AsyncWebClient, music: Channel) -> None:
    sent = [
        str((await client.chat_postMessage(channel=music.id, text=text))["ts"]) for text in "abcd"
    ]
    between = await client.conversations_history(channel=music.id, oldest=sent[0], latest=sent[3])
    assert [message["text"] for message in between["messages"]] == ["c", "b"]
    newest = await client.conversations_history(channel=music.id, limit=1)
    assert [message["text"] for message in newest["messages"]] == ["d"]


async def test_invalid_metadata_is_a_violation(
    slack_stub: SlackStub, client: AsyncWebClient, music: Channel
) -> None:
    invalid = {"channel": music.id, "text": "t", "metadata": {"event_type": "card"}}
    assert await error_code(client, "chat.postMessage", **invalid) == "invalid_metadata_format"
    assert len(slack_stub.take_violations()) == 1
