"""A link to a page of a music service, and the links of a text."""

from dataclasses import dataclass, field
from typing import Final

from bot.domain.music_services import MusicService
from bot.domain.tracks import SubjectKind, SubjectRef

MAX_TRACKS: Final = 3
KINDS: Final = ("track", "album", "playlist", "artist", "episode", "show")
SHORT: Final = "short"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a kind in KINDS with the service's id, or of kind SHORT with its address as id.

    Attributes:
        kind: What the page is about.
        id: The service's id; its form is documented in the module of the service.
        service: Where the page is.
        certain: Whether the page is surely about music. False for YouTube's own videos and lists
            and for SoundCloud's profiles, most of which are not: unless the bot was asked, a page
            that turns out to be no music is passed over in silence. Links that differ in this only
            are equal.
    """

    kind: str
    id: str
    service: MusicService = MusicService.SPOTIFY
    certain: bool = field(default=True, compare=False)

    @property
    def subject(self) -> SubjectRef | None:
        """What the page is about, if that can be answered."""
        is_answered = self.kind in list(SubjectKind)
        return SubjectRef(SubjectKind(self.kind), self.id, self.service) if is_answered else None


@dataclass(frozen=True, slots=True)
class LinksFound:
    """The distinct links of a text, in order of appearance.

    At most MAX_TRACKS track links of all services, certain ones before others, and as many short
    links, which may lead to tracks.
    """

    links: tuple[Link, ...]

    @property
    def tracks(self) -> list[str]:
        """Spotify's ids of the tracks."""
        return [link.id for link in self._of_spotify if link.kind == "track"]

    @property
    def short(self) -> list[str]:
        """Addresses of the short links of all services."""
        return [link.id for link in self.links if link.kind == SHORT]

    @property
    def others(self) -> list[Link]:
        """Links to anything at Spotify but a single track."""
        return [link for link in self._of_spotify if link.kind not in ("track", SHORT)]

    @property
    def elsewhere(self) -> list[Link]:
        """Links to pages of services other than Spotify."""
        spotify = MusicService.SPOTIFY
        return [link for link in self.links if link.kind != SHORT and link.service is not spotify]

    @property
    def _of_spotify(self) -> list[Link]:
        return [link for link in self.links if link.service is MusicService.SPOTIFY]
