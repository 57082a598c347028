"""Tests of the titles of pages."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import titles


@pytest.mark.parametrize(
    ("name", "channel", "title", "artists"),
    [
        ("Lil Nas X - Old Town Road (Official Movie) ft. Billy Ray Cyrus", "LilNasXVEVO",
         "Old Town Road ft. Billy Ray Cyrus", ["Lil Nas X"]),
        ("Queen \u2013 Bohemian Rhapsody (Official Video Remastered)", "Queen Official",
         "Bohemian Rhapsody (Remastered)", ["Queen"]),
        ("Adele - Hello (Official Live Video)", "Adele", "Hello (Live)", ["Adele"]),
        ("Adele - Hello (Lyrics Version)", "fan", "Hello", ["Adele"]),
        ("Adele - Hello (Official Music Video)", "AdeleVEVO", "Hello", ["Adele"]),
        ("Adele - Hello [Official Video] [4K]", "Adele", "Hello", ["Adele"]),
        ("Adele - Hello (Lyrics)", "7clouds", "Hello", ["Adele"]),
        ("Adele - Hello | Official Lyric Video", "Adele", "Hello", ["Adele"]),
        ("Adele - Hello Official Video HD", "Adele", "Hello", ["Adele"]),
        ("Hello", "Adele - Topic", "Hello", ["Adele"]),
        ("Stand by Me - 2015 Remaster", "Ben E. King - Topic", "Stand by Me - 2015 Remaster",
         ["Ben E. King"]),
        ("Hello", "Adele", "Hello", ["Adele"]),
        ("Hello - Adele", "Adele", "Hello", ["Adele"]),
        ("Adele - Hello (Live at the BBC)", "BBC", "Hello (Live at the BBC)", ["Adele"]),
        ("Adele - Hello (Karaoke Version)", "Sing King", "Hello (Karaoke Version)", ["Adele"]),
        ('Adele - "Hello" (Audio)', "fan", "Hello", ["Adele"]),
        ("BTS (방탄소년단) 'Dynamite' Official MV", "HYBE LABELS", "Dynamite",
         ["BTS (방탄소년단)"]),
        ("宇多田ヒカル - First Love", "Hikaru Utada", "First Love", ["宇多田ヒカル"]),
        ("My cat #shorts", "Somebody", "My cat", ["Somebody"]),
        ("Jay-Z - 99 Problems", "JayZVEVO", "99 Problems", ["Jay-Z"]),
        ("", "", "", []),
        (" - ", "Somebody", "-", ["Somebody"]),
        ("(Official Video)", "Somebody", "", ["Somebody"]),
    ],
)  # fmt: skip
def test_title_and_artists_of_a_video(
    name: str, channel: str, title: str, artists: list[str]
) -> None:
    assert titles.video(name, channel) == (title, tuple(artists))


@pytest.mark.parametrize(
    ("name", "author", "title", "artists"),
    [
        ("Old Town Road by Lil Nas X", "", "Old Town Road", ["Lil Nas X"]),
        ("Stand by Me by Ben E. King", "", "Stand by Me", ["Ben E. King"]),
        ("Stand by Me", "Ben E. King", "Stand by Me", ["Ben E. King"]),
        ("Stand by Me by Ben E. King", "Ben E. King", "Stand by Me", ["Ben E. King"]),
        ("Fourteen, by Botany", "", "Fourteen", ["Botany"]),
        ("Heroes - 2017 Remaster by David Bowie", "", "Heroes - 2017 Remaster", ["David Bowie"]),
        ("Hello", "", "Hello", []),
        (" by Adele", "Adele", "by Adele", ["Adele"]),
    ],
)
def test_title_by_artist(name: str, author: str, title: str, artists: list[str]) -> None:
    assert titles.by_artist(name, author) == (title, tuple(artists))


@pytest.mark.parametrize(
    ("name", "user", "title", "artists"),
    [
        ("Flickermood by Forss", "Forss", "Flickermood", ["Forss"]),
        ("DELAIN - Suckerpunch by Napalm Records", "Napalm Records", "Suckerpunch", ["DELAIN"]),
        ("Lost You (feat. Twin Shadow) by Zeds Dead", "Zeds Dead", "Lost You (feat. Twin Shadow)",
         ["Zeds Dead"]),
        ("Hello - Radio Edit by Adele", "Adele", "Hello - Radio Edit", ["Adele"]),
        ("Adele - Hello [Free Download] by fan", "fan", "Hello [Free Download]", ["Adele"]),
    ],
)  # fmt: skip
def test_title_and_artists_of_an_upload(
    name: str, user: str, title: str, artists: list[str]
) -> None:
    assert titles.upload(name, user) == (title, tuple(artists))


@pytest.mark.parametrize(
    ("slug", "words"),
    [("old-town-road", "Old Town Road"), ("lilnasx", "Lilnasx"), ("fourteen-45-tails",
     "Fourteen 45 Tails"), ("a_b", "A B"), ("--", ""), ("", "")],
)  # fmt: skip
def test_words_of_an_address(slug: str, words: str) -> None:
    assert titles.in_slug(slug) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [("Björk", "bjork"), ("Guns N' Roses", "Guns N Roses"), ("AC/DC", "ACDC"),
     ("Abbey Road (Remastered)", "Abbey Road"), ("1989 (Taylor's Version)", "1989"),
     ("(What's the Story) Morning Glory?", "Morning Glory"), ("(Untitled)", "(untitled)")],
)  # fmt: skip
def test_names_are_equal_without_case_accents_and_brackets(one: str, other: str) -> None:
    assert titles.same_name(one, other)


@pytest.mark.parametrize(("one", "other"), [("The Band", "Band"), ("!!!", "???"), ("Queen", "")])
def test_other_names_differ(one: str, other: str) -> None:
    assert not titles.same_name(one, other)


@given(st.text(max_size=600), st.text(max_size=60))
def test_any_text_gives_title_and_artists(name: str, author: str) -> None:
    for read in (titles.video, titles.by_artist, titles.upload):
        title, artists = read(name, author)
        assert len(title) <= titles.MAX_LENGTH
        assert len(artists) <= 1


@pytest.mark.parametrize(
    "text",
    ["(" * 100_000, "- " * 50_000, " by " * 30_000, "official " * 20_000, "a - " * 30_000,
     "[official video" * 9_000, " " * 100_000, "x" + " " * 100_000 + "x"],
)  # fmt: skip
def test_long_names_are_read_in_no_time(text: str) -> None:
    started = time.perf_counter()
    titles.video(text, text)
    titles.upload(text, text)
    assert time.perf_counter() - started < 0.5
