"""What a job keeps of a message's files: ids, whatever Slack sends."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack import shared_files
from bot.platforms.slack.jobs import MALFORMED

FIELDS = st.sampled_from(
    ["id", "name", "title", "mimetype", "filetype", "subtype", "mode", "file_access", "size"]
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=20),
    st.sampled_from(["audio/mpeg", "song.mp3", "mp3", "check_file_info", "tombstone"]),
)
FILES = st.lists(
    st.one_of(VALUES, st.dictionaries(FIELDS, VALUES), st.fixed_dictionaries({"id": VALUES})),
    max_size=15,
)


@given(files=st.one_of(VALUES, FILES), asked=st.booleans())
def test_any_files_leave_ids_or_are_malformed(files: object, *, asked: bool) -> None:
    try:
        payload = shared_files.payload_of({"files": files}, asked=asked)
    except MALFORMED:
        return
    assert set(payload) == {"files", "unknown_files", "voice"}
    assert set(payload["unknown_files"]) <= set(payload["files"])
    assert len(payload["files"]) <= shared_files.MAX_FILES
    json.dumps(payload)


@given(name=st.text(min_size=1), address=st.text(min_size=1))
def test_name_and_address_are_not_kept(name: str, address: str) -> None:
    file = {"id": "F1", "name": name, "url_private": address, "mimetype": "audio/mpeg"}
    payload = shared_files.payload_of({"files": [file]})
    assert payload in (
        {"files": ["F1"], "unknown_files": [], "voice": False},
        {"files": [], "unknown_files": [], "voice": True},  # a name as of a recording
    )


def test_message_without_files_has_none() -> None:
    assert not shared_files.has_files(shared_files.payload_of({"text": "hello"}))
    assert not shared_files.has_files({"links": "", "addressed": False})  # of an older version
