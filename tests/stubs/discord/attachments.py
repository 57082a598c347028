"""Attachments of messages, and the components that display them.

As with Discord, a file that a component displays is not among the attachments of its message: the
component's media has its id. An edit deletes the files that its list of attachments leaves out,
and its `attachment://` addresses refer to the names in that list.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.stubs.discord.objects import ApiError, File, Json, invalid_form
from tests.stubs.discord.state import State


def file_ids(message: Json) -> list[str]:
    """Return the ids of a message's files, its attachments and those that components display."""
    attached = [attachment["id"] for attachment in message["attachments"]]
    return [*attached, *(media["attachment_id"] for media in _media(message["components"]))]


class Attachments:
    """Stores files, and tells which ones a message has."""

    def __init__(self, state: State) -> None:
        self._state = state

    def of(self, message: Json) -> dict[str, Json]:
        """Return all attachments of a message by id, also those that components display."""
        found = {attachment["id"]: attachment for attachment in message["attachments"]}
        for media in _media(message["components"]):
            name = media["url"].rpartition("/")[2]
            found[media["attachment_id"]] = self._json(media["attachment_id"], name, media["url"])
        return found

    def listed(
        self, existing: Mapping[str, Json], message: Json, payload: Json, files: Sequence[File]
    ) -> list[Json]:
        """Return the attachments that a payload lists, new or not; without a list all are kept.

        New ones are stored. `existing` is what `of` returned before the change.
        """
        uploads = {str(index): file for index, file in enumerate(files)}
        listed = payload.get("attachments")
        if listed is None:
            return [*existing.values(), *(self._store(message, file) for file in files)]
        attachments = []
        for one in listed:
            key = str(one["id"])
            if key in uploads:
                attachments.append(self._store(message, uploads[key], one.get("description")))
            elif "filename" not in one:
                raise invalid_form(f"attachments: no filename of {key}")
            elif key in existing:
                attachments.append({**existing[key], "filename": one["filename"]})
            else:  # which the bot may not know, as another process has edited the message
                raise ApiError(400, 50035, f"Invalid Form Body: attachments: no file {key}")
        return attachments

    def resolve(self, message: Json, listed: Sequence[Json]) -> None:
        """Replace the `attachment://` addresses in a message, and set its attachments."""
        by_name = {attachment["filename"]: attachment for attachment in listed}
        urls = {name: {"url": one["url"]} for name, one in by_name.items()}
        media = {
            name: {"url": one["url"], "proxy_url": one["url"], "attachment_id": one["id"]}
            for name, one in by_name.items()
        }
        message["embeds"] = _resolve(message["embeds"], urls)
        message["components"] = _resolve(message["components"], media)
        displayed = {one["attachment_id"] for one in _media(message["components"])}
        message["attachments"] = [one for one in listed if one["id"] not in displayed]

    def delete(self, dropped: set[str]) -> None:
        """Delete files, whose addresses are not found any more."""
        for file_id in dropped:
            self._state.files.pop(file_id, None)

    def _store(self, message: Json, file: File, description: str | None = None) -> Json:
        file_id = self._state.new_id()
        self._state.files[file_id] = file.data
        url = f"{self._state.url}/attachments/{message['channel_id']}/{file_id}/{file.name}"
        described = {"description": description} if description else {}
        return {**self._json(file_id, file.name, url), **described}

    def _json(self, file_id: str, name: str, url: str) -> Json:
        size = len(self._state.files.get(file_id, b""))
        return {"id": file_id, "filename": name, "size": size, "url": url, "proxy_url": url}


def _media(value: Any) -> Iterator[Json]:
    """Yield the media in components that display files of their message."""
    if isinstance(value, list):
        for item in value:
            yield from _media(item)
    elif isinstance(value, dict):
        if "attachment_id" in value:
            yield value
        for item in value.values():
            yield from _media(item)


def _resolve(value: Any, fields: Mapping[str, Json]) -> Any:
    """Replace the fields of objects with an `attachment://` address."""
    if isinstance(value, list):
        return [_resolve(item, fields) for item in value]
    if not isinstance(value, dict):
        return value
    resolved = {key: _resolve(item, fields) for key, item in value.items()}
    url = str(value.get("url", ""))
    if url.startswith("attachment://"):
        resolved |= fields[url.removeprefix("attachment://")]
    return resolved
