"""A file's format is recognised by its content."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.sound import mp4, mpeg
from model.sound.errors import NotAudio, Problem
from model.sound.formats import HEAD_BYTES, Format, recognise

MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # MPEG-1 layer III, 128 kbit/s, 44.1 kHz
ADTS_FRAME = b"\xff\xf1\x50\x80\x19\x1f\xfc" + bytes(193)  # AAC LC, 44.1 kHz, 200 bytes
ID3 = b"ID3\x04\x00\x00\x00\x00\x02\x00" + bytes(256)


def of(data: bytes) -> Format:
    return recognise(io.BytesIO(data), len(data))


def refusal(data: bytes) -> tuple[Problem, str]:
    with pytest.raises(NotAudio) as caught:
        of(data)
    return caught.value.problem, caught.value.format


def box(kind: bytes, *content: bytes) -> bytes:
    inner = b"".join(content)
    return (8 + len(inner)).to_bytes(4, "big") + kind + inner


def movie(coding: bytes, brand: bytes = b"M4A ") -> bytes:
    """Return an MP4 file of one track of a coding, without sound."""
    description = box(b"stsd", bytes(8), box(coding, bytes(28)))
    media = box(b"mdia", box(b"minf", box(b"stbl", description)))
    return b"".join(
        (
            box(b"ftyp", brand, bytes(4)),
            box(b"free"),
            box(b"mdat", bytes(100)),
            box(b"moov", box(b"mvhd", bytes(100)), box(b"trak", box(b"tkhd", bytes(84)), media)),
        )
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (MP3_FRAME * 4, Format("mp3")),
        (MP3_FRAME * 2, Format("mp3")),
        (ID3 + MP3_FRAME * 4, Format("mp3")),
        (ID3 * 3 + MP3_FRAME * 4, Format("mp3")),
        (ID3 + bytes(1000) + MP3_FRAME * 4, Format("mp3", skip=266 + 1000)),
        (b"\x00junk\xff\xfb" * 50 + MP3_FRAME * 4, Format("mp3", skip=350)),
        (ADTS_FRAME * 4, Format("aac")),
        (ID3 + ADTS_FRAME * 4, Format("aac")),
        (ID3 + b"fLaC" + bytes(99), Format("flac")),
        (ID3 + b"OggS" + bytes(24) + b"\x01vorbis", Format("ogg", skip=266)),
        (b"RIFF\0\0\0\0WAVEfmt ", Format("wav")),
        (b"FORM\0\0\0\0AIFC", Format("aiff")),
        (movie(b"mp4a"), Format("m4a")),
        (movie(b"alac"), Format("m4a")),
        (movie(b"mp4a", b"isom"), Format("mp4")),
        (movie(b"mp4a", b"qt  "), Format("mov")),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", Format("webm")),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", Format("mka")),
    ],
)
def test_formats(data: bytes, expected: Format) -> None:
    assert of(data) == expected


@pytest.mark.parametrize(
    ("data", "problem", "name"),
    [
        (b"", Problem.EMPTY, ""),
        (ID3, Problem.EMPTY, "mp3"),
        (bytes(10_000), Problem.NOT_SOUND, ""),
        (ID3 + bytes(range(256)) * 4, Problem.DAMAGED, "mp3"),
        (b"#EXTM3U\nhttp://a.example/x.mp3\n", Problem.PLAYLIST, ""),
        (b"\xef\xbb\xbf#EXTM3U\r\nx.mp3", Problem.PLAYLIST, ""),
        ("#EXTM3U\nä.mp3".encode("utf-16"), Problem.PLAYLIST, ""),
        ("#EXTM3U\nä.mp3".encode("latin-1"), Problem.PLAYLIST, ""),
        (b"[playlist]\nFile1=http://a.example/\n", Problem.PLAYLIST, ""),
        (b"[InternetShortcut]\nURL=https://a.example\n", Problem.PLAYLIST, ""),
        (b'<?xml version="1.0"?>\n<playlist version="1" xmlns="x">', Problem.PLAYLIST, ""),
        (b'<ASX version="3.0"><entry>', Problem.PLAYLIST, ""),
        (b'TITLE "x"\nFILE "x.wav" WAVE\n  TRACK 01 AUDIO\n', Problem.PLAYLIST, ""),
        (b"https://a.example/x\nhttps://a.example/y\n", Problem.PLAYLIST, ""),
        (b"Music/one.mp3\nMusic/two.flac\n", Problem.PLAYLIST, ""),
        (b"Hello, I wrote about https://a.example today.\n", Problem.NOT_SOUND, "text"),
        (b"{}", Problem.NOT_SOUND, "text"),
        ("Schöne Grüße".encode(), Problem.NOT_SOUND, "text"),
        (b"<!DOCTYPE html><html>", Problem.NOT_SOUND, "html"),
        (b"MThd\0\0\0\x06", Problem.NOT_SOUND, "midi"),
        (b"RIFF\0\0\0\0RMIDdata", Problem.NOT_SOUND, "midi"),
        (bytes.fromhex("3026b2758e66cf11a6d9") + bytes(99), Problem.NOT_SOUND, "wma"),
        (b"PK\x03\x04" + bytes(99), Problem.NOT_SOUND, "zip"),
        (b"\x1f\x8b\x08" + bytes(99), Problem.NOT_SOUND, "gz"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), Problem.NOT_SOUND, "png"),
        (b"OggS" + bytes(24) + b"\x80theora", Problem.NOT_SOUND, "ogg"),
        (movie(b"drms"), Problem.PROTECTED, "m4a"),
        (movie(b"enca", b"iso8"), Problem.PROTECTED, "mp4"),
        (movie(b"aavd", b"aax "), Problem.PROTECTED, "aax"),
        (b"\0\0\0\0\x57\x90\x75\x36" + bytes(99), Problem.PROTECTED, "aa"),
        (movie(b"mp4a")[:120], Problem.DAMAGED, "m4a"),
        (box(b"ftyp", b"heic", bytes(4)) + bytes(99), Problem.NOT_SOUND, "heic"),
    ],
)
def test_refusals(data: bytes, problem: Problem, name: str) -> None:
    assert refusal(data) == (problem, name)


def test_a_text_is_recognised_when_a_character_is_cut_off_at_the_end_of_its_head() -> None:
    assert refusal(b"a" * (HEAD_BYTES - 1) + "ä".encode() * 9) == (Problem.NOT_SOUND, "text")


def test_an_encrypted_track_after_another_is_found() -> None:
    first = movie(b"mp4a")
    tracks = box(b"moov", *(_track(coding) for coding in (b"mp4v", b"enca")))
    start = first.index(b"moov") - 4
    assert refusal(first[:start] + tracks) == (Problem.PROTECTED, "m4a")


def test_boxes_that_go_nowhere_end() -> None:
    assert mp4.codings(io.BytesIO(box(b"free") * 20_000), 160_000) is None


def test_a_length_of_a_frame_is_that_of_the_standard() -> None:
    assert mpeg.mpeg_frame(b"\xff\xfb\x90\x00", 0)[0] == 417  # 144 * 128000 / 44100
    assert mpeg.mpeg_frame(b"\xff\xf3\x40\xc0", 0)[0] == 104  # 72 * 32000 / 22050, as 2
    assert mpeg.mpeg_frame(b"\xff\xff\x94\x00", 0)[0] == 288  # 4 * 12 * 288000 / 48000
    assert mpeg.adts_frame(ADTS_FRAME, 0)[0] == 200


def ends_well(data: bytes) -> bool:
    with contextlib.suppress(NotAudio):
        return bool(of(data).name)
    return True


@given(st.binary(max_size=5000))
def test_any_bytes_have_a_format_or_a_refusal(data: bytes) -> None:
    assert ends_well(data)


@given(
    st.sampled_from(
        [ID3, b"\0\0\0\x10ftypM4A ", b"#EXTM3U", b"\xff\xfb\x90", b"RIFF", b"\xff\xfe"]
    ),
    st.binary(max_size=500),
)
def test_bytes_after_a_known_beginning_have_a_format_or_a_refusal(head: bytes, rest: bytes) -> None:
    assert ends_well(head + rest)


def _track(coding: bytes) -> bytes:
    description = box(b"stsd", bytes(8), box(coding, bytes(28)))
    return box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", description))))
