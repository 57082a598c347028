"""The stub refuses what Slack refuses, and remembers what it was asked."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.stubs.slack import faults
from tests.stubs.slack.server import SlackStub
from tests.stubs.slack.values import Channel, User, Workspace


async def refusal(client: AsyncWebClient, method: str, **arguments: object) -> str:
    """Return the code that a request is refused with."""
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=arguments)
    return str(refused.value.response["error"])


async def test_tokens_scopes_and_membership_are_asked_for(
    slack_stub: SlackStub, client: AsyncWebClient, team: Workspace, music: Channel
) -> None:
    post = {"channel": music.id, "text": "hello"}
    stranger = AsyncWebClient("xoxb-wrong", base_url=slack_stub.api)
    assert await refusal(stranger, "chat.postMessage", **post) == "invalid_auth"
    nobody = AsyncWebClient(base_url=slack_stub.api)
    assert await refusal(nobody, "chat.postMessage", **post) == "not_authed"
    music.joined = False
    assert await refusal(client, "chat.postMessage", **post) == "not_in_channel"
    music.kind = "group"
    assert await refusal(client, "chat.postMessage", **post) == "channel_not_found"
    team.scopes.remove("chat:write")
    assert await refusal(client, "chat.postMessage", **post) == "missing_scope"
    team.revoked = True
    assert await refusal(client, "auth.test") == "account_inactive"


async def test_a_workspace_does_not_see_the_channels_of_another(
    slack_stub: SlackStub, client: AsyncWebClient
) -> None:
    theirs = slack_stub.people.channel(slack_stub.state.workspace())
    post = {"channel": theirs.id, "text": "hello"}
    assert await refusal(client, "chat.postMessage", **post) == "channel_not_found"


@pytest.mark.parametrize(
    ("post", "code"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "t" * 40_001}, "msg_too_long"),
        ({"text": "t", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "<!channel>"}, "mention"),
    ],
)
async def test_a_message_that_breaks_a_rule_is_a_violation(
    slack_stub: SlackStub,
    client: AsyncWebClient,
    music: Channel,
    post: dict[str, object],
    code: str,
) -> None:
    assert await refusal(client, "chat.postMessage", channel=music.id, **post) == code
    (violation,) = slack_stub.take_violations()
    assert violation.startswith(f"chat.postMessage: {code}")


async def test_what_is_not_played_is_a_violation(
    slack_stub: SlackStub, client: AsyncWebClient
) -> None:
    assert await refusal(client, "conversations.list") == "unknown_method"
    assert len(slack_stub.take_violations()) == 1


async def test_reactions_messages_and_threads_must_be_there(
    client: AsyncWebClient, music: Channel, slack_stub: SlackStub, ada: User
) -> None:
    written = slack_stub.people.write(music, ada, "hello")
    react = {"channel": music.id, "timestamp": written["ts"], "name": "guitar"}
    await client.api_call("reactions.add", json=react)
    assert await refusal(client, "reactions.add", **react) == "already_reacted"
    gone = {"channel": music.id, "timestamp": "1.1", "name": "guitar"}
    assert await refusal(client, "reactions.add", **gone) == "message_not_found"
    theirs = {"channel": music.id, "ts": written["ts"], "text": "t", "parse": "none"}
    assert await refusal(client, "chat.update", **theirs) == "cant_update_message"
    assert await refusal(client, "chat.delete", **theirs) == "cant_delete_message"
    answer = {"channel": music.id, "text": "t", "thread_ts": "1.1"}
    assert await refusal(client, "chat.postMessage", **answer) == "thread_not_found"


async def test_a_file_must_arrive_whole_before_it_is_shared(
    slack_stub: SlackStub, client: AsyncWebClient, music: Channel, session: aiohttp.ClientSession
) -> None:
    begun = await client.files_getUploadURLExternal(filename="a.png", length=3)
    end = {"files": f'[{{"id": "{begun["file_id"]}"}}]', "channel_id": music.id}
    assert await refusal(client, "files.completeUploadExternal", **end) == "file_not_found"
    await (await session.post(str(begun["upload_url"]), data=b"no")).read()
    wrong = await refusal(client, "files.completeUploadExternal", **end)
    assert wrong == "file_upload_size_mismatch"
    assert len(slack_stub.take_violations()) == 1
    await (await session.post(str(begun["upload_url"]), data=b"yes")).read()
    await client.api_call("files.completeUploadExternal", json=end)
    assert slack_stub.state.files[str(begun["file_id"])].data == b"yes"


async def test_a_planned_fault_spoils_so_many_requests_and_no_more(
    slack_stub: SlackStub, client: AsyncWebClient
) -> None:
    slack_stub.fail("auth.test", faults.refused("fatal_error"), times=2)
    assert await refusal(client, "auth.test") == "fatal_error"
    assert await refusal(client, "auth.test") == "fatal_error"
    await client.auth_test()
    assert len(slack_stub.asked("auth.test")) == 3
