"""The forms of links to services other than Spotify, each with the place that writes it."""

import pytest

from bot.domain.links import SHORT, Link, address, find, parse
from bot.domain.music_services import MusicService

VIDEO = "dQw4w9WgXcQ"
LIST = "PLbZIPy20-1pN7mqjckepWF78ndb6ci_qi"
ALBUM_LIST = "OLAK5uy_kTszKQkux0dNJZUBM94ghp_1b1KE1Be3I"
CHANNEL = "UCzVb0SIXp9q9PeKCcFjsBtA"
MBID = "132a508b-624a-4f1d-b61f-f6616121bab5"
PLAYLIST_UUID = "1b418bb8-90a7-4f87-901d-707993838346"
PLAYLIST = "pl.a822c4df9e244242996a16abb50723a5"
MUSIC = "https://music.apple.com"

APPLE_MUSIC = {
    # The share menu; the album's page marks the song: ungive/media-control-extension#68.
    f"{MUSIC}/us/album/old-town-road/1468166348?i=1468166589": ("track", "us/1468166589"),
    f"{MUSIC}/us/album/1468166348?i=1468166589": ("track", "us/1468166589"),
    f"{MUSIC}/US/album/x/1468166348?i=1468166589.": ("track", "us/1468166589"),
    f"{MUSIC}/de/album/x/1468166348?l=en&i=1468166589#a": ("track", "de/1468166589"),
    f"{MUSIC}/jp/album/%E5%A4%9C/1490256978?i=1490256995": ("track", "jp/1490256995"),
    "music.apple.com/us/album/x/1468166348?i=1468166589": ("track", "us/1468166589"),
    # A song's own page: metabrainz/musicbrainz-server#2975, miraclx/freyr-js#552.
    f"{MUSIC}/us/song/old-town-road/1468166589": ("track", "us/1468166589"),
    f"{MUSIC}/us/song/1699712652?l=es": ("track", "us/1699712652"),
    f"{MUSIC}/song/1699712652": ("track", "1699712652"),
    # Links of link services, with a prefix: Vendicated/Vencord#3101, 9dogs/tg-odesli-bot#39.
    "https://geo.music.apple.com/us/album/_/1549781001?i=1549781002&mt=1&app=music": (
        "track",
        "us/1549781002",
    ),
    # Embedded players: StarCitizenWiki/mediawiki-extensions-EmbedVideo#146.
    "https://embed.music.apple.com/us/song/1571062737?theme=light": ("track", "us/1571062737"),
    # The iTunes Store: lionheart/openradar-mirror#2620, kellnerd/harmony#36; iTunes' trackViewUrl.
    "https://itunes.apple.com/us/album//id46730197?i=46730207": ("track", "us/46730207"),
    "https://itunes.apple.com/us/album/you-say/1409149359?i=1409149756": (
        "track",
        "us/1409149756",
    ),
    "https://geo.itunes.apple.com/album/id1135913516": ("album", "1135913516"),
    # Other pages: miraclx/freyr-js#500 for classical music.
    f"{MUSIC}/us/album/soma/6776024723": ("album", "us/6776024723"),
    "https://classical.music.apple.com/de/album/1452218585": ("album", "de/1452218585"),
    f"{MUSIC}/us/playlist/todays-hits/pl.f4d106fed2bd41149aaacabb233eb5eb": (
        "playlist",
        "us/pl.f4d106fed2bd41149aaacabb233eb5eb",
    ),
    f"{MUSIC}/us/playlist/mine/pl.u-8aAVXXRuLPa8Jv": ("playlist", "us/pl.u-8aAVXXRuLPa8Jv"),
    f"https://embed.music.apple.com/us/playlist/{PLAYLIST}": ("playlist", f"us/{PLAYLIST}"),
    f"{MUSIC}/us/artist/lil-nas-x/1252067244": ("artist", "us/1252067244"),
}

DEEZER = {
    # The API's `link` and `share`, the address bar in several countries: topi314/LavaSrc.
    "https://www.deezer.com/track/136889400": ("track", "136889400"),
    "https://www.deezer.com/us/track/136889400?utm_source=deezer": ("track", "136889400"),
    "http://deezer.com/EN/track/136889400": ("track", "136889400"),
    "deezer.com/fr/track/136889400": ("track", "136889400"),
    "https://www.deezer.com/pt-br/track/136889400": ("track", "136889400"),
    "https://m.deezer.com/track/136889400": ("track", "136889400"),
    "https://api.deezer.com/track/136889400": ("track", "136889400"),
    # Embedded players: developers.deezer.com/musicplugins.
    "https://widget.deezer.com/widget/dark/track/136889400?tracklist=false": (
        "track",
        "136889400",
    ),
    "https://widget.deezer.com/widget/auto/artist/27/top_tracks": ("artist", "27"),
    # What a short link may redirect to: topi314/LavaSrc#324.
    "https://www.deezer.com/open?dest=https%3A%2F%2Fwww.deezer.com%2Ftrack%2F136889400%3Fa": (
        "track",
        "136889400",
    ),
    "https://www.deezer.com/us/album/736897251": ("album", "736897251"),
    "https://www.deezer.com/en/playlist/5390258182": ("playlist", "5390258182"),
    "https://www.deezer.com/artist/159126": ("artist", "159126"),
    "https://www.deezer.com/us/show/1437": ("show", "1437"),
    "https://www.deezer.com/episode/526673645": ("episode", "526673645"),
}

TIDAL = {
    # The share menus, formerly and now: nathom/streamrip#910, Nokse22/high-tide#65.
    "https://tidal.com/browse/track/251380837": ("track", "251380837"),
    "https://tidal.com/browse/track/251380837?u": ("track", "251380837"),
    "https://tidal.com/track/251380837/u": ("track", "251380837"),
    "https://tidal.com/track/42298": ("track", "42298"),
    "https://www.tidal.com/track/251380837": ("track", "251380837"),
    # The web player: redsudo/RedSea#64.
    "https://listen.tidal.com/track/251380837": ("track", "251380837"),
    "http://listen.tidal.com/album/251380836/track/251380837": ("track", "251380837"),
    # Embedded players.
    "https://embed.tidal.com/tracks/251380837?layout=gridify": ("track", "251380837"),
    "https://embed.tidal.com/albums/251380836": ("album", "251380836"),
    "https://tidal.com/album/465218165/u": ("album", "465218165"),
    "https://store.tidal.com/us/album/465218165": ("album", "465218165"),
    f"https://tidal.com/browse/playlist/{PLAYLIST_UUID}": ("playlist", PLAYLIST_UUID),
    f"https://tidal.com/playlist/{PLAYLIST_UUID.upper()}": ("playlist", PLAYLIST_UUID),
    "https://tidal.com/artist/7804": ("artist", "7804"),
}

SOUNDCLOUD = {
    # The web: scdl-org/scdl#546; apps: 3jackdaws/soundcloud-lib#44.
    "https://soundcloud.com/shift-key/on-my-mind": ("track", "shift-key/on-my-mind"),
    "https://soundcloud.com/shift-key/on-my-mind?si=a1&utm_source=clipboard": (
        "track",
        "shift-key/on-my-mind",
    ),
    "https://soundcloud.com/shift-key/on-my-mind?in=shift-key/sets/demos": (
        "track",
        "shift-key/on-my-mind",
    ),
    "https://m.soundcloud.com/shift-key/on-my-mind#t=0:30": ("track", "shift-key/on-my-mind"),
    "http://www.soundcloud.com/Shift_Key/2024": ("track", "Shift_Key/2024"),
    "soundcloud.com/shift-key/on-my-mind": ("track", "shift-key/on-my-mind"),
    "https://soundcloud.com/shift-key/s-tracks": ("track", "shift-key/s-tracks"),
    # Embedded players: developers.soundcloud.com/docs/api/html5-widget.
    "https://w.soundcloud.com/player/?visual=true&url=https%3A//soundcloud.com/a-b/c-d": (
        "track",
        "a-b/c-d",
    ),
    "https://soundcloud.com/oembed?format=json&url=https%3A%2F%2Fsoundcloud.com%2Fa-b%2Fc-d": (
        "track",
        "a-b/c-d",
    ),
    # zhukov/webogram#570.
    "https://soundcloud.com/pcmus/sets/top-40": ("playlist", "pcmus/sets/top-40"),
    "https://soundcloud.com/pcmus/sets/s-club": ("playlist", "pcmus/sets/s-club"),
    "https://soundcloud.com/pcmus": ("artist", "pcmus"),
}

BANDCAMP = {
    # snejus/beetcamp#12, freyacodes/archived-bot#304.
    "https://3six.bandcamp.com/track/mist-2020-remaster": ("track", "3six/mist-2020-remaster"),
    "https://3SIX.bandcamp.com/track/mist?from=hp": ("track", "3six/mist"),
    "http://3six.bandcamp.com/track/-2": ("track", "3six/-2"),
    "3six.bandcamp.com/track/mist": ("track", "3six/mist"),
    "https://circleofdust.bandcamp.com/album/machines-2": ("album", "circleofdust/machines-2"),
    "https://circleofdust.bandcamp.com/": ("artist", "circleofdust"),
    "https://circleofdust.bandcamp.com": ("artist", "circleofdust"),
    "https://circleofdust.bandcamp.com/music": ("artist", "circleofdust"),
}

MUSICBRAINZ = {
    # musicbrainz.org/doc/MusicBrainz_Identifier; listenbrainz.org's pages have the same ids.
    f"https://musicbrainz.org/recording/{MBID}": ("track", MBID),
    f"https://beta.musicbrainz.org/recording/{MBID.upper()}": ("track", MBID),
    f"https://musicbrainz.org/recording/{MBID}/fingerprints": ("track", MBID),
    f"musicbrainz.org/recording/{MBID}": ("track", MBID),
    f"https://listenbrainz.org/track/{MBID}/": ("track", MBID),
    f"https://musicbrainz.org/release-group/{MBID}": ("album", f"release-group/{MBID}"),
    f"https://listenbrainz.org/album/{MBID}/": ("album", f"release-group/{MBID}"),
    f"https://musicbrainz.org/release/{MBID}#disc1": ("album", f"release/{MBID}"),
    f"https://listenbrainz.org/release/{MBID}": ("album", f"release/{MBID}"),
    f"https://musicbrainz.org/artist/{MBID}": ("artist", MBID),
    f"https://listenbrainz.org/artist/{MBID}/": ("artist", MBID),
}

YOUTUBE = {
    # The forms in which videos are linked: ytdl-org/youtube-dl's extractor.
    f"https://www.youtube.com/watch?v={VIDEO}": ("track", VIDEO),
    f"https://www.youtube.com/watch?v={VIDEO}&list={LIST}&index=2": ("track", VIDEO),
    f"https://www.youtube.com/watch?app=desktop&v={VIDEO}": ("track", VIDEO),
    f"https://www.youtube.com/watch?v={VIDEO}&t=42s.": ("track", VIDEO),
    f"https://www.youtube.com/watch?v={VIDEO}?si=a": ("track", VIDEO),
    f"https://m.youtube.com/watch?v={VIDEO}": ("track", VIDEO),
    f"http://youtube.com/watch/?v={VIDEO}#t=1": ("track", VIDEO),
    f"youtube.com/watch?v={VIDEO}": ("track", VIDEO),
    f"https://youtu.be/{VIDEO}": ("track", VIDEO),
    f"https://youtu.be/{VIDEO}?si=nXwV2j&t=42": ("track", VIDEO),
    f"youtu.be/{VIDEO}!": ("track", VIDEO),
    f"_https://youtu.be/{VIDEO}_": ("track", VIDEO),
    "https://youtu.be/dQw4w9WgXc_": ("track", "dQw4w9WgXc_"),
    "https://youtu.be/-Qw4w9WgXc-.": ("track", "-Qw4w9WgXc-"),
    f"https://www.youtube.com/shorts/{VIDEO}?feature=share": ("track", VIDEO),
    f"https://www.youtube.com/live/{VIDEO}?feature=shared": ("track", VIDEO),
    f"https://www.youtube.com/v/{VIDEO}?version=3": ("track", VIDEO),
    f"https://www.youtube.com/embed/{VIDEO}?autoplay=1": ("track", VIDEO),
    f"https://www.youtube-nocookie.com/embed/{VIDEO}": ("track", VIDEO),
    # Links in mails, and the page of consent.
    f"http://www.youtube.com/attribution_link?a=b&u=%2Fwatch%3Fv%3D{VIDEO}%26feature%3Dshare": (
        "track",
        VIDEO,
    ),
    f"http://www.youtube.com/attribution_link?u=/watch?v%3D{VIDEO}%26feature%3Dshare": (
        "track",
        VIDEO,
    ),
    f"https://consent.youtube.com/m?continue=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D{VIDEO}": (
        "track",
        VIDEO,
    ),
    f"https://www.youtube.com/oembed?url=https://youtu.be/{VIDEO}&format=json": ("track", VIDEO),
    f"https://www.youtube.com/playlist?list={LIST}": ("playlist", LIST),
    f"https://www.youtube.com/embed/videoseries?si=a&list={LIST}": ("playlist", LIST),
    "https://www.youtube.com/playlist?list=PL0123456789ABCDEF": ("playlist", "PL0123456789ABCDEF"),
}

YOUTUBE_MUSIC = {
    # ytdl-org/youtube-dl#27731, metabrainz/musicbrainz-server#2494.
    f"https://music.youtube.com/watch?v={VIDEO}&si=a": ("track", VIDEO),
    f"https://music.youtube.com/watch?v={VIDEO}&list=RDAMVM{VIDEO}": ("track", VIDEO),
    f"music.youtube.com/watch?v={VIDEO}": ("track", VIDEO),
    f"https://music.youtube.com/playlist?list={ALBUM_LIST}": ("album", ALBUM_LIST),
    f"https://www.youtube.com/playlist?list={ALBUM_LIST}": ("album", ALBUM_LIST),
    "https://music.youtube.com/browse/MPREb_ionshzGThBb": ("album", "MPREb_ionshzGThBb"),
    f"https://music.youtube.com/playlist?list={LIST}": ("playlist", LIST),
    f"https://music.youtube.com/browse/VL{LIST}": ("playlist", LIST),
    f"https://music.youtube.com/channel/{CHANNEL}": ("artist", CHANNEL),
    f"https://music.youtube.com/browse/{CHANNEL}": ("artist", CHANNEL),
}

FORMS = {
    text: (service, *expected)
    for service, forms in (
        (MusicService.APPLE_MUSIC, APPLE_MUSIC),
        (MusicService.DEEZER, DEEZER),
        (MusicService.TIDAL, TIDAL),
        (MusicService.SOUNDCLOUD, SOUNDCLOUD),
        (MusicService.BANDCAMP, BANDCAMP),
        (MusicService.MUSICBRAINZ, MUSICBRAINZ),
        (MusicService.YOUTUBE, YOUTUBE | YOUTUBE_MUSIC),
    )
    for text, expected in forms.items()
}

SHORT_LINKS = {
    # nathom/streamrip#887, 9dogs/tg-odesli-bot#56; cookpete/react-player#1211.
    "https://link.deezer.com/s/319MrRotHC7J6de6Ziseq": MusicService.DEEZER,
    "https://deezer.page.link/qfomS8twgYA35mgQ7": MusicService.DEEZER,
    "https://dzr.page.link/vmwdqP72fgErpPhM6": MusicService.DEEZER,
    "https://on.soundcloud.com/jSPcrMemAGzRcU4M6": MusicService.SOUNDCLOUD,
    "https://soundcloud.app.goo.gl/MBAd4hAFb1fGXqoLA": MusicService.SOUNDCLOUD,
}

NOTHING = [
    # Hosts that look alike, user parts, ports, e-mail addresses.
    f"https://notyoutube.com/watch?v={VIDEO}",
    f"https://youtube.com.evil.example/watch?v={VIDEO}",
    f"https://evil.youtube.com/watch?v={VIDEO}",
    f"https://youtube.com@evil.example/watch?v={VIDEO}",
    f"https://evil.example@youtube.com/watch?v={VIDEO}",
    f"https://youtube.com:8443/watch?v={VIDEO}",
    f"https://youtu.be.evil.example/{VIDEO}",
    f"https://xyoutu.be/{VIDEO}",
    f"me@youtu.be/{VIDEO}",
    f"https://evil.example/?u=https://youtu.be/{VIDEO}",
    f"https://evil.example/youtu.be/{VIDEO}",
    "https://bandcamp.com.evil.example/track/x",
    "https://evilbandcamp.com/track/x",
    "https://a.b.bandcamp.com/track/x",
    "https://-a.bandcamp.com/track/x",
    "me@artist.bandcamp.com/track/x",
    "x.artist.bandcamp.com/track/x",
    "https://tidal.com.evil.example/track/1",
    "https://evil.example/#https://tidal.com/track/1",
    "https://deezer.com.evil.example/track/1",
    f"https://www.google.com/url?q=https%3A%2F%2Fyoutu.be%2F{VIDEO}",
    # Ids of another form.
    f"https://www.youtube.com/watch?v={VIDEO[:-1]}",
    f"https://www.youtube.com/watch?v={VIDEO}x",
    f"https://www.youtube.com/watch?v={VIDEO}_x",
    f"https://www.youtube.com/watch?v={VIDEO}x&list={LIST}",
    f"https://www.youtube.com/watch?x={VIDEO}",
    f"https://www.youtube.com/watch/{VIDEO}x",
    "https://www.youtube.com/embed/videoseries",
    "https://youtu.be/videoseries",
    "https://www.youtube.com/watch?v=live_stream",
    "https://www.youtube.com/browse/MPREb_ionshzGThBb",
    "https://www.youtube.com/embed/live_stream?channel=UC_x5XG1OV2P6uZZ5FSM9Ttw",
    f"https://www.youtube.com/playlist?list=RDAMVM{VIDEO}",
    "https://www.deezer.com/track/0",
    "https://www.deezer.com/track/-5",
    "https://www.deezer.com/track/12a",
    "https://www.deezer.com/track/12/lyrics",
    "https://tidal.com/playlist/123",
    "https://tidal.com/track/12345678901234567890",
    f"{MUSIC}/us/song/name/12a",
    f"{MUSIC}/us/playlist/name/123",
    f"https://musicbrainz.org/recording/{MBID[:-1]}",
    f"https://musicbrainz.org/recording/{MBID}0",
    "https://artist.bandcamp.com/track/a_b",
    "https://artist.bandcamp.com/track/a/b",
    # Pages of other things.
    "https://www.youtube.com/",
    "https://www.youtube.com/@somebody",
    f"https://www.youtube.com/channel/{CHANNEL}",
    "https://www.youtube.com/results?search_query=old+town+road",
    "https://www.youtube.com/feed/trending",
    f"https://www.youtube.com/redirect?q=https://youtu.be/{VIDEO}",
    "https://www.youtube.com/attribution_link?u=%2Fredirect",
    "https://music.youtube.com/search?q=x",
    "https://music.youtube.com/library",
    f"{MUSIC}/us/browse",
    f"{MUSIC}/us/new",
    f"{MUSIC}/us/radio/x/1",
    f"{MUSIC}/us/station/x/ra.978194965",
    "https://itunes.apple.com/us/app/shazam/id284993459",
    "https://itunes.apple.com/lookup?id=1",
    "https://www.apple.com/apple-music/",
    "https://www.deezer.com/us/",
    "https://www.deezer.com/search/x",
    "https://www.deezer.com/us/channels/explore",
    "https://tidal.com/browse",
    "https://tidal.com/pricing",
    "https://tidal.com/video/1",
    "https://soundcloud.com/",
    "https://soundcloud.com/discover",
    "https://soundcloud.com/discover/sets/weekly",
    "https://soundcloud.com/you/likes",
    "https://soundcloud.com/stream",
    "https://soundcloud.com/search/sounds?q=x",
    "https://soundcloud.com/pages/contact",
    "https://soundcloud.com/pcmus/likes",
    "https://soundcloud.com/pcmus/sets",
    "https://soundcloud.com/pcmus/track/recommended",
    "https://soundcloud.com/pcmus/a%20b",
    # A private track and a private playlist, as in ytdl-org/youtube-dl's extractor.
    "https://soundcloud.com/jaimemf/youtube-dl-test/s-8Pjrp",
    "https://soundcloud.com/pcmus/sets/top-40/s-8Pjrp",
    "https://api.soundcloud.com/tracks/123",
    "https://on.soundcloud.com/",
    "https://link.deezer.com/s/a/b",
    "https://bandcamp.com/",
    "https://bandcamp.com/discover",
    "https://bandcamp.com/EmbeddedPlayer/track=1/size=large/",
    "https://daily.bandcamp.com/features/x",
    "https://www.bandcamp.com/",
    "https://artist.bandcamp.com/merch",
    f"https://musicbrainz.org/work/{MBID}",
    f"https://musicbrainz.org/ws/2/recording/{MBID}",
    "https://musicbrainz.org/doc/About",
    "https://listenbrainz.org/user/rob/",
    # Words.
    "youtube",
    "on soundcloud.com tomorrow",
    "music.apple.com",
]


@pytest.mark.parametrize(("text", "expected"), FORMS.items(), ids=FORMS)
def test_every_form_leads_to_the_page(text: str, expected: tuple[MusicService, str, str]) -> None:
    (link,) = find(f"look: {text}").links
    assert (link.service, link.kind, link.id) == expected


@pytest.mark.parametrize("text", FORMS)
def test_canonical_address_leads_to_the_same_page(text: str) -> None:
    link = parse(text)
    assert link is not None
    canonical = parse(address(link))
    assert canonical == link
    assert canonical is not None
    assert canonical.certain == link.certain
    assert address(canonical) == address(link)


@pytest.mark.parametrize(("text", "service"), SHORT_LINKS.items(), ids=SHORT_LINKS)
def test_short_links_keep_their_address_and_service(text: str, service: MusicService) -> None:
    assert find(f"{text}?utm=x").links == (Link(SHORT, text, service),)


@pytest.mark.parametrize("text", NOTHING)
def test_other_addresses_are_no_links(text: str) -> None:
    assert find(text).links == ()


@pytest.mark.parametrize("text", YOUTUBE)
def test_video_or_playlist_of_youtube_may_be_no_music(text: str) -> None:
    assert not find(text).links[0].certain


@pytest.mark.parametrize("text", sorted(set(FORMS) - {*YOUTUBE, "https://soundcloud.com/pcmus"}))
def test_page_of_a_music_service_is_certainly_about_music(text: str) -> None:
    assert find(text).links[0].certain


def test_profile_at_soundcloud_may_be_no_musicians() -> None:
    assert not find("https://soundcloud.com/pcmus").links[0].certain


@pytest.mark.parametrize(
    "text",
    [
        f"https://open.spotify.com/album/2YpeDb67231RjR0MgVLzsG?uri=https://youtu.be/{VIDEO}",
        f"https://open.spotify.com/oembed?url=https://www.deezer.com/track/1#{VIDEO}",
        f"https://soundcloud.com/oembed?url=https://youtu.be/{VIDEO}",
    ],
)
def test_link_of_one_service_in_anothers_query_is_ignored(text: str) -> None:
    assert find(text).elsewhere == []
