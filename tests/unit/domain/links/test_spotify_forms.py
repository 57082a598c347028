"""The forms in which a track's address is written, each with the place that writes it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.links import MAX_LINK_LENGTH, Link, find, parse

TRACK = "2YpeDb67231RjR0MgVLzsG"
OTHER = "60a0Rd6pjrkxjPbaKzXjfq"
ALBUM = "7LVHVU3tWfcxj5aiPFEW4Q"
OPEN = "https://open.spotify.com"
ENCODED = f"spotify%3Atrack%3A{TRACK}"
PAGE = f"https%3A%2F%2Fopen.spotify.com%2Ftrack%2F{TRACK}"

FORMS = {
    # The web player: a song's title leads to its album with the song highlighted.
    "album, highlight": f"{OPEN}/album/{ALBUM}?highlight=spotify:track:{TRACK}",
    "album, highlight encoded": f"{OPEN}/album/{ALBUM}?highlight={ENCODED}",
    "album, highlight in lower case": f"{OPEN}/album/{ALBUM}?highlight=spotify%3atrack%3a{TRACK}",
    "album, highlight after si": f"{OPEN}/album/{ALBUM}?si=ab&highlight=spotify:track:{TRACK}",
    "album, highlight before si": f"{OPEN}/album/{ALBUM}?highlight={ENCODED}&si=ab#x",
    "album, intl": f"{OPEN}/intl-pt/album/{ALBUM}?highlight=spotify:track:{TRACK}",
    "album, no scheme": f"open.spotify.com/album/{ALBUM}?highlight=spotify:track:{TRACK}",
    "album, full stop": f"{OPEN}/album/{ALBUM}?highlight=spotify:track:{TRACK}.",
    "album, Slack": f"<{OPEN}/album/{ALBUM}?highlight={ENCODED}|{OPEN}/album/{ALBUM}>",
    "playlist, highlight": f"{OPEN}/playlist/{ALBUM}?highlight={ENCODED}&utm_medium=chatgpt",
    "old playlist": f"{OPEN}/user/me/playlist/{ALBUM}?highlight=spotify:track:{TRACK}",
    "artist, highlight": f"{OPEN}/artist/{ALBUM}?highlight={ENCODED}",
    # The web player: the cover of the song that is playing.
    "album, playing": f"{OPEN}/album/{ALBUM}?uid=d1e0eccf20&uri={ENCODED}",
    "playlist, playing": f"{OPEN}/playlist/{ALBUM}?uid=45f3cb6cb54946de&uri={ENCODED}",
    "liked songs, playing": f"{OPEN}/collection/tracks?uid=45f3cb6cb54946de&uri={ENCODED}",
    "both": f"{OPEN}/album/{ALBUM}?uid=d1&uri={ENCODED}&highlight={ENCODED}",
    # The share menu: the album is where the song was played from.
    "track, context": f"{OPEN}/track/{TRACK}?si=a&context=spotify%3Aalbum%3A{ALBUM}",
    # Buttons that open the app ("open in Spotify" of an embedded player).
    "go": f"{OPEN}/go?uri=spotify:track:{TRACK}&rtd=1",
    "go, encoded": f"{OPEN}/go?uri={ENCODED}&product=embed_v2",
    "go, a second question mark": f"{OPEN}/go?uri=spotify:track:{TRACK}?play=true",
    "go, album with a song": f"{OPEN}/go?uri=spotify%3Aalbum%3A{ALBUM}%3Fhighlight%3D{ENCODED}",
    # Embedded players: CondeNast/atjson#898, TooTallNate/spotify-uri#4.
    "embed": f"{OPEN}/embed/track/{TRACK}?theme=0",
    "embed with a URI": f"{OPEN}/embed?uri=spotify:track:{TRACK}",
    "embed with a slash": f"{OPEN}/embed/?uri={ENCODED}",
    "no path": f"{OPEN}/?uri=spotify:track:{TRACK}",
    "embed host": f"https://embed.spotify.com/track/{TRACK}",
    "embed host with an address": f"https://embed.spotify.com/?uri={PAGE}",
    # oEmbed: developer.spotify.com/documentation/embeds; the second host is the old one.
    "oEmbed": f"{OPEN}/oembed?url={PAGE}&format=json",
    "oEmbed, URI": f"{OPEN}/oembed?url=spotify:track:{TRACK}",
    "oEmbed, not encoded": f"{OPEN}/oembed?url={OPEN}/track/{TRACK}",
    "oEmbed, old": f"https://embed.spotify.com/oembed/?url=spotify:track:{TRACK}",
    "oEmbed, album": f"{OPEN}/oembed?url={OPEN}/album/{ALBUM}?highlight=spotify:track:{TRACK}",
    # Phones: developer.spotify.com/documentation/{ios,android}/tutorials/content-linking.
    "iOS": f"https://spotify.link/content_linking?~campaign=a.b&$canonical_url={PAGE}",
    "Android": f"https://spotify.link/content_linking?~campaign=a.b&$deeplink_path={OPEN}/track/"
    f"{TRACK}&$fallback_url={OPEN}/track/{TRACK}",
    "Android, URI": f"https://spotify.link/content_linking?$deeplink_path=spotify:track:{TRACK}",
    # Phones: what spotify.link and the web player redirect to.
    "app": f"https://spotify.app.link/?product=open&%24full_url={PAGE}%3Fgo%3D1&feature=organic",
    "app, not encoded": f"https://spotify.app.link/?product=open&$full_url={OPEN}/track/{TRACK}",
    "app, album": "https://spotify.app.link/?$full_url=https%3A%2F%2Fopen.spotify.com%2Falbum%2F"
    f"{ALBUM}%3Fhighlight%3Dspotify%253Atrack%253A{TRACK}",
    # Android intents and the app's own scheme; Music Assistant and VLC write it too
    # (home-assistant.io/integrations/music_assistant).
    "URI that plays": f"spotify:track:{TRACK}:play",
    "URI with a song": f"spotify:album:{ALBUM}?highlight=spotify:track:{TRACK}",
    "scheme": f"spotify://track/{TRACK}",
    "scheme and URI": f"spotify://spotify:track:{TRACK}",
    "scheme and host": f"spotify://open.spotify.com/track/{TRACK}?si=s3&app_destination=copy-link",
    # Signing in, with the page to open afterwards.
    "sign-in": f"https://accounts.spotify.com/en/login?continue={PAGE}",
    "sign-in, album": "https://accounts.spotify.com/login?continue=https%3A%2F%2Fopen.spotify.com"
    f"%2Falbum%2F{ALBUM}%3Fhighlight%3Dspotify%253Atrack%253A{TRACK}",
    # Other hosts of the web player.
    "www": f"https://www.open.spotify.com/track/{TRACK}",
    "player": f"https://player.spotify.com/track/{TRACK}",
    "desktop": f"https://xpui.app.spotify.com/album/{ALBUM}?highlight={ENCODED}",
    # Spotify for Artists, the Web API's `href`, and pictures with a Spotify code.
    "artists": f"https://artists.spotify.com/c/artist/{ALBUM}/song/{TRACK}/playlists",
    "API": f"https://api.spotify.com/v1/tracks/{TRACK}?market=SE",
    "code": f"https://scannables.scdn.co/uri/plain/png/000000/white/640/spotify:track:{TRACK}",
    "code, encoded": f"https://scannables.scdn.co/uri/plain/svg/000000/white/640/{ENCODED}",
    "code, download": "https://www.spotifycodes.com/downloadCode.php?uri=jpeg%2F000000%2Fwhite"
    f"%2F640%2F{ENCODED}",
}

ALBUM_ONLY = {
    "id too short": f"?highlight=spotify:track:{TRACK[:-1]}",
    "id too long": f"?highlight=spotify:track:{TRACK}x",
    "no id": "?highlight=spotify:track:",
    "no URI": f"?highlight={TRACK}",
    "empty": "?highlight=&x=spotify",
    "encoded twice": f"?highlight=spotify%253Atrack%253A{TRACK}",
    "another album": f"?highlight=spotify:album:{OTHER}",
    "an episode": f"?highlight=spotify:episode:{OTHER}",
    "a local file": "?highlight=spotify:local:a:b:c:1",
    "another site": f"?highlight=https://evil.example/track/{TRACK}",
    "a link in another site's query": f"?uri=https://evil.example/?u={OPEN}/track/{TRACK}",
    "a short link": "?uri=https://spotify.link/aBc",
    "two words": f"?highlight=a%20spotify:track:{TRACK}",
    "a broken host": "?uri=https%3A%2F%2F%5Bspotify",
    "where it was played from": f"?context=spotify:track:{TRACK}",
    "another parameter": f"?xhighlight=spotify:track:{TRACK}",
    "in the fragment": f"#highlight=spotify:track:{TRACK}",
}

NOTHING = {
    # Radio of songs like this one.
    "station": f"{OPEN}/station/track/{TRACK}",
    "station URI": f"spotify:station:track:{TRACK}",
    "radio URI": f"spotify:radio:track:{TRACK}",
    # Addresses without an id.
    "local file": f"{OPEN}/local/a/b/c/1",
    "queue": f"{OPEN}/queue",
    "search": f"{OPEN}/search/spotify:track:{TRACK}",
    # Other programs' addresses.
    "Sonos": f"x-sonos-spotify:spotify%3atrack%3a{TRACK}?sid=9",
    "Sonos, picture": f"http://10.0.1.4:1400/getaa?u=x-sonos-spotify%3aspotify%253atrack%3a{TRACK}",
    "intent": f"intent://open.spotify.com/track/{TRACK}#Intent;scheme=https;end",
    "x-spotify": f"x-spotify://spotify:track:{TRACK}",
    "scheme, other host": f"spotify://evil.example/track/{TRACK}",
    # Addresses in Spotify's own that it does not open.
    "foreign highlight": f"https://evil.example/?highlight=spotify:track:{TRACK}",
    "foreign target": f"{OPEN}/go?uri=https%3A%2F%2Fevil.example%2Ftrack%2F{TRACK}",
    "redirect": f"https://www.spotify.com/redirect/generic?uri=spotify:track:{TRACK}",
    "API, other kind": f"https://api.spotify.com/v1/audio-features/{TRACK}",
    "artists, no song": f"https://artists.spotify.com/c/artist/{ALBUM}/music/songs",
    "code without URI": f"https://scannables.scdn.co/uri/plain/png/000000/white/640/{TRACK}",
    "lyrics": f"{OPEN}/lyrics/track/{TRACK}",
    "recommendations": f"{OPEN}/track/{TRACK}/recommendations",
    "too deep": f"{OPEN}/go?uri={OPEN}/go?uri={OPEN}/go?uri=spotify:track:{TRACK}",
    "encoded host": "https://embed.spotify.com/?uri=https%3A%2F%2F%5B",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_every_form_of_a_tracks_address_leads_to_the_track(text: str) -> None:
    assert find(text).links == (Link("track", TRACK),)


@pytest.mark.parametrize("query", ALBUM_ONLY.values(), ids=ALBUM_ONLY)
def test_album_stays_without_a_well_formed_highlighted_track(query: str) -> None:
    assert find(f"{OPEN}/album/{ALBUM}{query}").links == (Link("album", ALBUM),)


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_forms_that_name_no_track_are_ignored(text: str) -> None:
    assert find(text).links == ()


def test_track_in_the_path_is_meant_whatever_the_query_says() -> None:
    address = f"{OPEN}/track/{TRACK}?highlight=spotify:track:{OTHER}&uri=spotify:track:{OTHER}"
    assert parse(address) == Link("track", TRACK)


def test_other_kinds_are_found_in_queries_too() -> None:
    page = f"https%3A%2F%2Fopen.spotify.com%2Falbum%2F{ALBUM}"
    for address in (
        f"{OPEN}/go?uri=spotify:album:{ALBUM}",
        f"{OPEN}/oembed?url={page}",
        f"https://spotify.link/content_linking?~campaign=a.b&$canonical_url={page}",
        f"spotify://album/{ALBUM}",
    ):
        assert parse(address) == Link("album", ALBUM)


def test_short_link_with_a_query_of_its_own_stays_short() -> None:
    short = Link("short", "https://spotify.link/aBc")
    assert parse("https://spotify.link/aBc?_p=spotify") == short
    assert parse(f"{OPEN}/oembed?url=https%3A%2F%2Fspotify.link%2FaBc") == short
    assert parse("https://spotify.app.link/aBc") == Link("short", "https://spotify.app.link/aBc")


def test_one_track_written_in_two_forms_is_one_link() -> None:
    text = f"{FORMS['album, highlight']} {FORMS['go']} spotify:track:{TRACK}"
    assert find(text).links == (Link("track", TRACK),)


def test_addresses_over_the_length_limit_are_ignored_in_queries_too() -> None:
    path = "/" * MAX_LINK_LENGTH
    address = f"{OPEN}/album/{ALBUM}?uri={OPEN}/track/{TRACK}{path}"
    assert find(address).links == (Link("album", ALBUM),)


pieces = st.sampled_from(
    ["https://", "spotify://", "open.spotify.com", "spotify.app.link", "accounts.spotify.com",
     "scannables.scdn.co", "/", "album", "track", ":", "spotify", TRACK, "?", "&", "uri=",
     "highlight=", "continue=", "$full_url=", "url=", "/go?uri=", "%3A", "%2F", "%5B", "%E2%84%80",
     "%25", "%3F", "#", ":play", " "]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(pieces | st.text(max_size=3), max_size=30).map("".join))
def test_any_query_gives_well_formed_links_and_no_error(text: str) -> None:
    for link in find(f"{OPEN}/album/{ALBUM}?{text}").links:
        plain = link.id if link.kind == "short" else f"{OPEN}/{link.kind}/{link.id}"
        assert parse(plain) == link


@pytest.mark.parametrize(
    "unit", ["https://open.spotify.com/go?uri=", "&uri=spotify:", "spotify:album:a?uri=", "%2525"]
)
def test_time_for_nested_links_is_linear_in_the_length(unit: str) -> None:
    prefix = f"{OPEN}/album/{ALBUM}?uri="
    short, long = (prefix + unit * (size // len(unit)) for size in (8_000, 128_000))
    assert _seconds(long) < 80 * max(_seconds(short), 0.0005)


def _seconds(text: str) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        find(text)
        best = min(best, time.perf_counter() - start)
    return best
