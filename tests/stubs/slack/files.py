"""Files of the fake Slack: uploads by the app, and files that people share."""

import json
from typing import Final

from tests.stubs.slack.actions import Actions
from tests.stubs.slack.objects import ApiError, File, Json, Violation, Workspace
from tests.stubs.slack.state import State

MAX_ALT_LENGTH: Final = 1000

LOGIN_PAGE: Final = "<!DOCTYPE html><html><title>Sign in to Slack</title></html>"
"""What Slack serves with status 200 in place of a file, without a valid token with files:read."""


class Files:
    """Methods about files; raises ApiError where Slack replies with an error.

    Attributes:
        url: Base address of the stub.
        methods: The methods by name.
    """

    def __init__(self, state: State, actions: Actions) -> None:
        self.url = ""
        self._state = state
        self._actions = actions
        self.methods: Final = {
            "files.getUploadURLExternal": self._upload_url,
            "files.completeUploadExternal": self._complete_upload,
            "files.delete": self._delete,
            "files.info": self._info,
        }

    def add(self, content: bytes, name: str = "song.mp3", **fields: object) -> Json:
        """Upload a file, without a message; return it as Slack describes it.

        `fields` are those of Slack's file object; None leaves one out.
        """
        file_id = self._state.new_id("F")
        kind = name.rpartition(".")[2]
        address = f"{self.url}/files-pri/T1-{file_id}"
        info = {
            "id": file_id,
            "name": name,
            "title": name,
            "mimetype": {"mp3": "audio/mpeg", "png": "image/png"}.get(kind, f"audio/{kind}"),
            "filetype": kind,
            "size": len(content),
            "mode": "hosted",
            "is_external": False,
            "file_access": "visible",
            "url_private": f"{address}/{name}",
            "url_private_download": f"{address}/download/{name}",
            **fields,
        }
        found = {field: value for field, value in info.items() if value is not None}
        self._state.shared_files[file_id] = found
        self._state.contents[file_id] = content
        return found

    def put(self, file_id: str, data: bytes) -> None:
        """Store the content of an announced file; raise KeyError for others."""
        self._state.files[file_id].data = data

    def content(self, file_id: str, token: str) -> bytes | None:
        """Return the content of a shared file; None for a token that does not permit it.

        Raises KeyError if there is no such file.
        """
        try:
            workspace = self._state.by_token(token)
        except ApiError:
            return None
        return self._state.contents[file_id] if "files:read" in workspace.scopes else None

    def check_processed(self, file_id: str) -> None:
        """Raise ApiError unless a file is one of the app's that Slack has processed."""
        file = self._state.files.get(file_id)
        if file is None or not file.processed:
            text = f"invalid slack file {file_id}"
            raise ApiError("invalid_arguments", text, response_metadata={"messages": [text]})

    def _info(self, _: Workspace, arguments: Json) -> Json:
        info = self._state.shared_files.get(arguments["file"])
        if own := self._state.files.get(arguments["file"]):
            media_type = "image/png" if own.processed else ""
            info = {"id": own.id, "name": own.name, "mimetype": media_type, "mode": "hosted"}
            own.processed = True  # by the next look
        if info is None:
            raise ApiError("file_not_found")
        if info["mode"] == "tombstone":
            raise ApiError("file_deleted")
        return {"file": info, "comments": []}

    def _upload_url(self, _: Workspace, arguments: Json) -> Json:
        alt = arguments.get("alt_txt", "")
        if len(alt) > MAX_ALT_LENGTH:
            raise Violation("alt_txt_too_large", f"{len(alt)} characters")
        file = File(self._state.new_id("F"), arguments["filename"], int(arguments["length"]), alt)
        self._state.files[file.id] = file
        return {"upload_url": f"{self.url}/upload/{file.id}", "file_id": file.id}

    def _complete_upload(self, workspace: Workspace, arguments: Json) -> Json:
        target = arguments.get("channel_id")
        channel = self._state.writable_channel(workspace, target) if target else None
        thread = arguments.get("thread_ts")
        if channel and thread and (channel.id, thread) not in self._state.messages:
            raise ApiError("invalid_thread_ts")
        listed = json.loads(arguments["files"])
        for entry in listed:
            file = self._state.files.get(entry["id"])
            if file is None or file.data is None:
                raise ApiError("file_not_found")
            if len(file.data) != file.length:
                raise Violation("file_upload_size_mismatch", f"{len(file.data)} bytes")
            file.title = entry.get("title", "")
            if channel is None:
                continue
            message = self._state.add(
                channel,
                subtype="file_share",
                user=workspace.bot_user,
                text="",
                files=[{"id": file.id, "name": file.name}],
                thread_ts=thread,
            )
            file.shared = (channel.id, message["ts"])
            self._actions.send_message_event(channel, message)
        return {"files": [{"id": entry["id"]} for entry in listed]}

    def _delete(self, workspace: Workspace, arguments: Json) -> Json:
        file = self._state.files.pop(arguments["file"], None)
        if file is None:
            raise ApiError("file_not_found")
        if file.shared:
            channel_id, ts = file.shared
            self._actions.remove(self._state.channel(workspace, channel_id), ts)
        return {}
