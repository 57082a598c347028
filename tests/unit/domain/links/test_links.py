"""Text in, links out: the table is the specification."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.links import (
    KINDS,
    MAX_LINK_LENGTH,
    MAX_TRACKS,
    SHORT_HOSTS,
    Link,
    as_text,
    find,
    parse,
    without_scheme,
)
from bot.domain.music_services import MusicService
from bot.domain.tracks import SubjectKind, SubjectRef

A = "2YpeDb67231RjR0MgVLzsG"
B = "60a0Rd6pjrkxjPbaKzXjfq"
C = "7LVHVU3tWfcxj5aiPFEW4Q"
D = "4u7EnebtmKWzUH433cf5Qv"

TRACKS = [
    pytest.param(f"https://open.spotify.com/track/{A}", [A], id="plain"),
    pytest.param(f"http://open.spotify.com/track/{A}", [A], id="http"),
    pytest.param(f"open.spotify.com/track/{A}", [A], id="no scheme"),
    pytest.param(f"(open.spotify.com/track/{A})", [A], id="no scheme, in parentheses"),
    pytest.param(f"https://play.spotify.com/track/{A}", [A], id="play host"),
    pytest.param(f"https://open.spotify.com/track/{A}?si=b1c2", [A], id="query"),
    pytest.param(f"https://open.spotify.com/track/{A}?si=a&context=spotify%3Aalbum%3A{B}", [A],
                 id="context in the query"),
    pytest.param(f"https://open.spotify.com/track/{A}#0:42", [A], id="fragment"),
    pytest.param(f"https://open.spotify.com/track/{A}?si=a#b", [A], id="query and fragment"),
    pytest.param(f"https://open.spotify.com/track/{A}/", [A], id="trailing slash"),
    pytest.param(f"https://open.spotify.com/track/{A}/?si=a", [A], id="trailing slash and query"),
    pytest.param(f"https://open.spotify.com/intl-de/track/{A}", [A], id="intl-xx"),
    pytest.param(f"https://open.spotify.com/intl-pt-BR/track/{A}", [A], id="intl-xx-yy"),
    pytest.param(f"https://open.spotify.com/intl-fr/track/{A}?si=a", [A], id="intl and query"),
    pytest.param(f"https://open.spotify.com/embed/track/{A}", [A], id="embed"),
    pytest.param(f"https://open.spotify.com/embed/track/{A}?utm_source=oembed", [A],
                 id="embed with query"),
    pytest.param(f"https://open.spotify.com/intl-es/embed/track/{A}", [A], id="intl and embed"),
    pytest.param(f"https://embed.spotify.com/?uri=spotify:track:{A}", [A], id="embed host"),
    pytest.param(f"https://embed.spotify.com/?uri=spotify%3Atrack%3A{A}", [A],
                 id="embed host, encoded"),
    pytest.param(f"https://embed.spotify.com/?theme=w&uri=spotify:track:{A}", [A],
                 id="embed host, second parameter"),
    pytest.param(f"https://embed.spotify.com/?uri=https%3A%2F%2Fopen.spotify.com%2Ftrack%2F{A}",
                 [A], id="embed host with an address"),
    pytest.param(f"HTTPS://open.spotify.com/track/{A}", [A], id="upper-case scheme"),
    pytest.param(f"https://OPEN.Spotify.COM/track/{A}", [A], id="host in capitals"),
    pytest.param(f"https://open.spotify.com:443/track/{A}", [A], id="default port"),
    pytest.param(f"spotify:track:{A}", [A], id="URI"),
    pytest.param(f"SPOTIFY:track:{A}", [A], id="URI in capitals"),
    pytest.param(f"listen: spotify:track:{A}!", [A], id="URI in a sentence"),
    pytest.param(f"<https://open.spotify.com/track/{A}>", [A], id="angle brackets"),
    pytest.param(f"<https://open.spotify.com/track/{A}|Old Town Road>", [A], id="Slack label"),
    pytest.param(f"<https://open.spotify.com/track/{A}|open.spotify.com/track/{B}>", [A],
                 id="a Slack label is no link"),
    pytest.param(f"[song](https://open.spotify.com/track/{A})", [A], id="markdown"),
    pytest.param(f"[song](<https://open.spotify.com/track/{A}>)", [A], id="markdown, bracketed"),
    pytest.param(f"**https://open.spotify.com/track/{A}**", [A], id="bold"),
    pytest.param(f"_https://open.spotify.com/track/{A}_", [A], id="italics"),
    pytest.param(f"~~https://open.spotify.com/track/{A}~~", [A], id="struck through"),
    pytest.param(f"||https://open.spotify.com/track/{A}||", [A], id="spoiler"),
    pytest.param(f"`https://open.spotify.com/track/{A}`", [A], id="code"),
    pytest.param(f'"https://open.spotify.com/track/{A}"', [A], id="quotes"),
    pytest.param(f"https://open.spotify.com/track/{A}.", [A], id="full stop"),
    pytest.param(f"https://open.spotify.com/track/{A}, nice", [A], id="comma"),
    pytest.param(f"https://open.spotify.com/track/{A}?!", [A], id="question and shout"),
    pytest.param(f"https://open.spotify.com/track/{A}...", [A], id="dots"),
    pytest.param(f"https://open.spotify.com/track/{A}:", [A], id="colon"),
    pytest.param(f"听这个https://open.spotify.com/track/{A}\uff0c好", [A],
                 id="between Chinese words"),
    pytest.param(f"🎵https://open.spotify.com/track/{A}🎵", [A], id="between emoji"),
    pytest.param(f"https://open.spotify.com/track/{A}\u200b", [A], id="zero-width space"),
    pytest.param(f"a\nhttps://open.spotify.com/track/{A}\nb", [A], id="own line"),
    pytest.param(f"via:https://open.spotify.com/track/{A}", [A], id="glued to a word and a colon"),
    pytest.param(f"https://open.spotify.com/track/{A},https://open.spotify.com/track/{B}", [A, B],
                 id="two, a comma between"),
    pytest.param(f"spotify:track:{B} https://open.spotify.com/track/{A}", [B, A], id="in order"),
    pytest.param(f"spotify:track:{A} https://open.spotify.com/track/{A}?si=x", [A],
                 id="the same twice"),
    pytest.param(" ".join(f"spotify:track:{x}" for x in (A, B, C, D)), [A, B, C],
                 id="first three"),
    pytest.param(" ".join(f"spotify:track:{x}" for x in (A, A, B, B, C, D)), [A, B, C],
                 id="first three distinct"),
    pytest.param(f"spotify:track:{A}?si=x", [A], id="URI with query"),
    pytest.param(f"spotify:track:{A}#0:30", [A], id="URI with fragment"),
    pytest.param(f"https://embed.spotify.com?uri=spotify:track:{A}", [A], id="embed, no slash"),
    pytest.param(f"https://open.spotify.com/INTL-DE/track/{A}", [A], id="intl in capitals"),
    pytest.param(f"https://open.spotify.com/intl-es-419/track/{A}", [A], id="intl with a number"),
    pytest.param(f"https://open.spotify.com/intl-zh-Hant-TW/track/{A}", [A], id="intl of three"),
    pytest.param(f"https://open.spotify.com/track/{A}//", [A], id="two trailing slashes"),
    pytest.param(
        f"https://open.spotify.com/track/{A}?x={'y' * MAX_LINK_LENGTH}", [A], id="long query"
    ),
    pytest.param(f"[https://evil.example](https://open.spotify.com/track/{A})", [A],
                 id="markdown with another address for its text"),
    pytest.param(f"<https://evil.example><https://open.spotify.com/track/{A}>", [A],
                 id="after another address in brackets"),
    pytest.param(f"https://evil.example/a,b https://open.spotify.com/track/{A}", [A],
                 id="after another address and a space"),
    # Not links
    pytest.param(f"https://\u00e9open.spotify.com/track/{A}", [], id="accent before the host"),
    pytest.param(f"https://日本open.spotify.com/track/{A}", [], id="Japanese before the host"),
    pytest.param(f"日本open.spotify.com/track/{A}", [], id="the same without a scheme"),
    pytest.param(f"\u00e9spotify:track:{A}", [], id="accent before the URI"),
    pytest.param(f"https://evil.example/a;open.spotify.com/track/{A}", [], id="after a semicolon"),
    pytest.param(f"https://evil.example/a,https://open.spotify.com/track/{A}", [],
                 id="link after a comma in a path"),
    pytest.param(f"https://evil.example/(spotify:track:{A}", [], id="URI after a parenthesis"),
    pytest.param(f"https://evil.example/\u00e9https://open.spotify.com/track/{A}", [],
                 id="link after an accent in a path"),
    pytest.param(f"https://embed.spotify.com/?uri=spotify%253Atrack%253A{A}", [],
                 id="encoded twice"),
    pytest.param("", [], id="nothing"),
    pytest.param("spotify", [], id="the word"),
    pytest.param("https://open.spotify.com/", [], id="the front page"),
    pytest.param("https://open.spotify.com/track/", [], id="no id"),
    pytest.param(f"https://open.spotify.com/track/{A[:-1]}", [], id="id too short"),
    pytest.param(f"https://open.spotify.com/track/{A}x", [], id="id too long"),
    pytest.param(f"https://open.spotify.com/track/{A[:-1]}-", [], id="id with a dash"),
    pytest.param(f"https://open.spotify.com/track/{A[:-1]}é", [], id="id with an accent"),
    pytest.param(f"spotify:track:{A[:-1]}", [], id="URI too short"),
    pytest.param(f"spotify:track:{A}x", [], id="URI too long"),
    pytest.param(f"spotify:{A}", [], id="URI without a kind"),
    pytest.param(f"https://open.spotify.com/Track/{A}", [], id="kind in capitals"),
    pytest.param(f"https://open.spotify.com/tracks/{A}", [], id="unknown kind"),
    pytest.param(f"https://open.spotify.com.evil.example/track/{A}", [], id="host goes on"),
    pytest.param(f"https://notopen.spotify.com/track/{A}", [], id="host starts otherwise"),
    pytest.param(f"https://open-spotify.com/track/{A}", [], id="host with a dash"),
    pytest.param(f"https://spotify.com/track/{A}", [], id="bare domain"),
    pytest.param(f"https://open.spotify.com@evil.example/track/{A}", [], id="user part"),
    pytest.param(f"https://evil.example@open.spotify.com/track/{A}", [], id="user part before"),
    pytest.param(f"https://open.spotify.com:8443/track/{A}", [], id="other port"),
    pytest.param(f"https://evil.example/open.spotify.com/track/{A}", [], id="host in a path"),
    pytest.param(f"https://evil.example/?u=https://open.spotify.com/track/{A}", [],
                 id="link in a query"),
    pytest.param(f"https://evil.example/#spotify:track:{A}", [], id="URI in a fragment"),
    pytest.param(f"https://\u043epen.spotify.com/track/{A}", [], id="Cyrillic host"),
    pytest.param(f"https://open.\u017fpotify.com/track/{A}", [], id="long s"),
    pytest.param(f"ftp://open.spotify.com/track/{A}", [], id="other scheme"),
    pytest.param(f"javascript://open.spotify.com/track/{A}", [], id="script scheme"),
    pytest.param(f"xhttps://open.spotify.com/track/{A}", [], id="scheme starts otherwise"),
    pytest.param(f"me@open.spotify.com/track/{A}", [], id="mail address"),
    pytest.param(f"myspotify:track:{A}", [], id="URI scheme starts otherwise"),
    pytest.param("https://embed.spotify.com/?uri=https%3A%2F%2Fembed.spotify.com%2F%3Furi%3Dx", [],
                 id="embed in an embed"),
]  # fmt: skip

OTHERS = [
    pytest.param(f"https://open.spotify.com/album/{A}", [("album", A)], id="album"),
    pytest.param(f"https://open.spotify.com/playlist/{A}?si=a", [("playlist", A)], id="playlist"),
    pytest.param(f"https://open.spotify.com/intl-de/artist/{A}", [("artist", A)], id="artist"),
    pytest.param(f"https://open.spotify.com/episode/{A}", [("episode", A)], id="episode"),
    pytest.param(f"https://open.spotify.com/show/{A}", [("show", A)], id="show"),
    pytest.param(f"spotify:album:{A}", [("album", A)], id="album URI"),
    pytest.param(f"spotify:user:somebody:playlist:{A}", [("playlist", A)], id="old playlist URI"),
    pytest.param(f"https://open.spotify.com/user/x/playlist/{A}", [("playlist", A)],
                 id="old playlist address"),
    pytest.param(f"https://open.spotify.com/embed-podcast/episode/{A}", [("episode", A)],
                 id="embedded episode"),
]  # fmt: skip

SHORT = [
    pytest.param("https://spotify.link/aBc1", ["https://spotify.link/aBc1"], id="plain"),
    pytest.param("http://spoti.fi/2XyZ.", ["https://spoti.fi/2XyZ"], id="older"),
    pytest.param("spotify.link/aBc1", ["https://spotify.link/aBc1"], id="no scheme"),
    pytest.param("<https://SPOTIFY.link/aBc1|x>", ["https://spotify.link/aBc1"], id="Slack"),
    pytest.param("https://spotify.link/", [], id="no name"),
    pytest.param("https://spotify.link/a/b/c", [], id="a path"),
    pytest.param("https://spotify.link/_/", [], id="italics and a slash"),
    pytest.param("https://spotify.lin\u212a/a", [], id="Kelvin sign"),
    pytest.param("https://spotify.link.evil.example/a", [], id="host goes on"),
    pytest.param(" ".join(f"https://spotify.link/{n}" for n in "abcd"),
                 [f"https://spotify.link/{n}" for n in "abc"], id="first three"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TRACKS)
def test_track_links_are_found(text: str, expected: list[str]) -> None:
    assert find(text).tracks == expected


@pytest.mark.parametrize(("text", "expected"), OTHERS)
def test_links_of_other_kinds_are_found_with_their_kind(
    text: str, expected: list[tuple[str, str]]
) -> None:
    found = find(text)
    assert [(link.kind, link.id) for link in found.others] == expected
    assert found.tracks == []


@pytest.mark.parametrize(("text", "expected"), SHORT)
def test_short_links_are_found_unresolved(text: str, expected: list[str]) -> None:
    assert find(text).short == expected


def test_links_keep_the_order_of_the_text() -> None:
    text = f"https://spotify.link/x then spotify:album:{B} then spotify:track:{A}"
    links = (Link("short", "https://spotify.link/x"), Link("album", B), Link("track", A))
    assert find(text).links == links


def test_parse_returns_the_link_of_an_address() -> None:
    assert parse(f"https://open.spotify.com/track/{A}") == Link("track", A)
    assert parse("https://example.com") is None


def test_words_over_the_length_limit_are_ignored() -> None:
    assert find(f"https://open.spotify.com/track/{A}/{'/' * MAX_LINK_LENGTH}").links == ()


pieces = st.sampled_from(
    ["https://", "open.spotify.com", "/", "track", ":", "spotify", A, "?uri=", "<", "|", ">", " ",
     "intl-de", "%3A", "embed.spotify.com/", "[", "](", ")", "@", ".", "spotify.link/a", "\x00"]
)  # fmt: skip


@settings(deadline=None)
@given(st.text() | st.lists(pieces | st.text(max_size=3)).map("".join))
def test_any_text_gives_well_formed_links_and_no_error(text: str) -> None:
    found = find(text)
    assert len(found.tracks) <= MAX_TRACKS
    assert len(set(found.links)) == len(found.links)
    for link in found.links:
        if link.kind == "short":
            assert parse(link.id) == link
        else:
            assert parse(f"https://open.spotify.com/{link.kind}/{link.id}") == link


@settings(deadline=None)
@given(st.lists(pieces | st.text(min_size=1, max_size=3), min_size=1, max_size=6).map("".join))
def test_time_is_linear_in_the_length(unit: str) -> None:
    # A pattern that backtracks takes 256 times as long for 16 times the text; linear time takes 16.
    short, long = (unit * (size // len(unit)) for size in (4_000, 64_000))
    assert _seconds(long) < 80 * max(_seconds(short), 0.0005)


def _seconds(text: str) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.thread_time()
        find(text)
        best = min(best, time.thread_time() - start)
    return best


ADDRESSES = st.one_of(
    st.builds(
        "https://open.spotify.com/{}/{}".format,
        st.sampled_from(KINDS),
        st.text("0123456789ABCDEFXYZabcxyz", min_size=22, max_size=22),
    ),
    st.builds(
        "https://{}/{}".format,
        st.sampled_from(sorted(SHORT_HOSTS)),
        st.text("0123456789ABCabc_-/", min_size=1, max_size=20),
    ),
    st.builds("spotify:track:{}".format, st.sampled_from([A, B, C, D])),
    st.text(max_size=20),
)


@given(st.lists(ADDRESSES, max_size=10), st.sampled_from([" ", "\n", ", ", "é ", "> <"]))
def test_as_text_contains_the_same_links_and_nothing_else(words: list[str], between: str) -> None:
    found = find(between.join(words))
    text = as_text(found)
    assert find(text) == found
    assert len(text.split()) == len(found.links)


@given(st.text(max_size=400))
def test_as_text_of_any_text_contains_the_same_links(text: str) -> None:
    assert find(as_text(find(text))) == find(text)


@pytest.mark.parametrize("text", [param.values[0] for param in (*TRACKS, *OTHERS, *SHORT)])
def test_as_text_keeps_every_known_form_of_a_link(text: str) -> None:
    assert find(as_text(find(text))) == find(text)


@pytest.mark.parametrize("kind", [*KINDS, "short"])
def test_pages_of_tracks_and_collections_are_subjects(kind: str) -> None:
    expected = None
    if kind in ("track", "album", "playlist", "artist"):
        expected = SubjectRef(SubjectKind(kind), "7", MusicService.DEEZER)
    assert Link(kind, "7", MusicService.DEEZER).subject == expected


def test_sentences_name_addresses_without_their_scheme() -> None:
    assert without_scheme("https://deezer.com/track/7?a=b://c") == "deezer.com/track/7?a=b://c"
