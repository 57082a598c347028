"""Simulated people who vote on songs: honest ones with noise, and hostile ones.

All draws are made from one generator, so that equal seeds give equal votes. Votes on real songs are
simulated by `tests.bench.learning.people`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from model.genres import WIDE
from training.feedback.gold import GoldSongs
from training.feedback.votes import AgreedLabel, CastVote

START: Final = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES: Final = 60 * 24 * 60
"""Sixty days, in which people vote."""

TEMPER: Final = 0.6
"""Exponent with which the number of votes falls from the best-known song to the least known."""

GOLD: Final = GoldSongs({f"gold {number}": WIDE[number % len(WIDE)] for number in range(30)})
"""Songs of known genre, on which no honest person votes."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who votes.

    Attributes:
        songs: Number of songs.
        people: Number of honest people.
        each: Number of songs that each votes on; well-known songs more often than others.
        servers: Number of servers.
        least_right: Smallest share of right votes of an honest person.
        most_right: Largest one.
    """

    songs: int = 400
    people: int = 80
    each: int = 40
    servers: int = 10
    least_right: float = 0.7
    most_right: float = 0.95


class Simulation:
    """Songs with true genres, a model's guesses, half of them wrong, and people who vote."""

    def __init__(self, seed: int, crowd: Crowd = Crowd()) -> None:
        self._rng = np.random.default_rng(seed)
        self._crowd = crowd
        songs = crowd.songs
        self.truth = self._rng.integers(0, len(WIDE), songs)
        self._second = self._rng.integers(0, len(WIDE), songs)
        guesses = self._rng.integers(0, len(WIDE), songs)
        self._shown = np.where(self._rng.random(songs) < 0.5, self.truth, guesses)
        fame = np.arange(1, songs + 1) ** -TEMPER
        self._fame = fame / fame.sum()
        self.honest = [vote for person in range(crowd.people) for vote in self._person(person)]

    @property
    def hostile_people(self) -> int:
        """Number of hostile people who are a fifth of all."""
        return self._crowd.people // 4

    def brigade(self, songs: int, server: int | None = None, share: float = 1) -> list[CastVote]:
        """Return the votes of people who agreed on one wrong genre for `songs` chosen songs.

        Args:
            songs: Number of songs.
            server: Server of all of them; by default each has one by chance.
            share: Share of the songs that each of them votes on.
        """
        wrong = int(self._rng.integers(len(WIDE)))
        chosen = [song for song in self._songs(songs) if self.truth[song] != wrong]
        votes: list[CastVote] = []
        for person in range(self.hostile_people):
            own = self._server() if server is None else server
            votes += [
                self._vote(f"brigade {person}", song, wrong, own, minute=MINUTES)
                for song in chosen
                if self._rng.random() < share
            ]
        return votes

    def disguised_brigade(self, songs: int) -> list[CastVote]:
        """Return the votes of a brigade whose people vote rightly on as many other songs."""
        votes = self.brigade(songs)
        for person in range(self.hostile_people):
            votes += [
                self._vote(f"brigade {person}", song, int(self.truth[song]), self._server())
                for song in self._songs(songs)
            ]
        return votes

    def noisy_brigade(self, songs: int, noise: float) -> list[CastVote]:
        """Return votes for a wrong genre of the least-known songs; some are by chance."""
        wrong = int(self._rng.integers(len(WIDE)))
        return [
            self._vote(
                f"puppet {person}",
                song,
                wrong if self._rng.random() > noise else int(self._rng.integers(len(WIDE))),
                self._server(),
            )
            for person in range(self.hostile_people)
            for song in self._least_known(songs, wrong)
        ]

    def small_groups(self, size: int, each: int = 40, most_shared: int = 4) -> list[CastVote]:
        """Return votes for a wrong genre of songs that are divided among groups.

        Args:
            size: Number of people who vote on a song.
            each: Number of songs that each votes on.
            most_shared: Number of songs that two of them share at most.
        """
        people = self.hostile_people
        wrong = int(self._rng.integers(len(WIDE)))
        shared = np.zeros((people, people), np.intp)
        load = np.zeros(people, np.intp)
        votes: list[CastVote] = []
        for song in self._least_known(people * each // size, wrong):
            group: list[int] = []
            for person in np.argsort(load + self._rng.random(people)).tolist():
                if len(group) < size and (shared[person, group] < most_shared).all():
                    group.append(person)
            if len(group) < size:
                break
            load[group] += 1
            shared[np.ix_(group, group)] += 1
            votes += [
                self._vote(f"puppet {p}", song, wrong, p % self._crowd.servers) for p in group
            ]
        return votes

    def in_turns(self, songs: int, share: float) -> list[CastVote]:
        """Return votes of people who agreed on a wrong genre of each of the least-known songs.

        Each person votes on a share of the songs.
        """
        wrong = {
            song: (self.truth[song] + self._rng.integers(1, len(WIDE))) % len(WIDE)
            for song in self._least_known(songs)
        }
        return [
            self._vote(f"puppet {person}", song, int(genre), self._server())
            for person in range(self.hostile_people)
            for song, genre in wrong.items()
            if self._rng.random() < share
        ]

    def right_votes(self, songs: int) -> list[CastVote]:
        """Return right votes of the hostile people, to be trusted."""
        return [
            self._vote(f"puppet {person}", song, int(self.truth[song]), self._server())
            for person in range(self.hostile_people)
            for song in self._songs(songs)
        ]

    def gold_votes(self, songs: int = 12) -> list[CastVote]:
        """Return right votes of the hostile people on songs of `GOLD`."""
        return [
            cast_vote(f"puppet {person}", track, str(GOLD.by_track[track]))
            for person in range(self.hostile_people)
            for track in self._rng.choice(sorted(GOLD.by_track), songs, replace=False).tolist()
        ]

    def trolls(self) -> list[CastVote]:
        """Return votes for genres by chance."""
        return [
            self._vote(f"troll {person}", song, int(self._rng.integers(len(WIDE))), self._server())
            for person in range(self.hostile_people)
            for song in self._songs(self._crowd.each)
        ]

    def flip_floppers(self) -> list[CastVote]:
        """Return votes of people who change each vote three times, to a genre by chance at last."""
        return [
            self._vote(
                f"flip-flopper {person}",
                song,
                int(self._rng.integers(len(WIDE))) if change % 2 else int(self.truth[song]),
                0,
                minute=change,
            )
            for person in range(self.hostile_people)
            for song in self._songs(self._crowd.each)
            for change in range(4)
        ]

    def genre(self, track: str) -> str:
        """Return the true genre of a track."""
        return WIDE[self.truth[int(track.removeprefix("song "))]]

    def precision(self, labels: Iterable[AgreedLabel]) -> float:
        """Return the share of labels with the true genre, 0-1."""
        return float(np.mean([label.genre == self.genre(label.track) for label in labels]))

    def moved(self, before: Sequence[AgreedLabel], after: Sequence[AgreedLabel]) -> float:
        """Return the share of labels that are of another genre, or new and wrong."""
        old = {label.track: label.genre for label in before}
        wrong = sum(label.genre != old.get(label.track, self.genre(label.track)) for label in after)
        return wrong / len(old)

    def _person(self, person: int) -> list[CastVote]:
        right = self._rng.uniform(self._crowd.least_right, self._crowd.most_right)
        server = self._server()
        return [
            self._vote(f"person {person}", song, self._honest_genre(song, right), server)
            for song in self._songs(self._crowd.each)
        ]

    def _honest_genre(self, song: int, right: float) -> int:
        """Return the genre that a person votes for: a tenth of votes repeats what was shown."""
        if self._rng.random() < 0.1:
            return int(self._shown[song])
        if self._rng.random() < right:
            return int(self.truth[song])
        likely_mistake = self._rng.random() < 0.5
        return int(self._second[song] if likely_mistake else self._rng.integers(len(WIDE)))

    def _songs(self, number: int) -> list[int]:
        number = min(number, self._crowd.songs)
        chosen: list[int] = self._rng.choice(
            self._crowd.songs, number, replace=False, p=self._fame
        ).tolist()
        return chosen

    def _least_known(self, number: int, genre: int = -1) -> list[int]:
        """Return the least-known songs that are not of a genre."""
        songs = np.flatnonzero(self.truth != genre)[::-1]
        chosen: list[int] = songs[:number].tolist()
        return chosen

    def _server(self) -> int:
        return int(self._rng.integers(self._crowd.servers))

    def _vote(
        self, voter: str, song: int, genre: int, server: int, minute: int | None = None
    ) -> CastVote:
        minute = int(self._rng.integers(MINUTES)) if minute is None else minute
        return cast_vote(
            voter=voter,
            track=f"song {song}",
            genre=WIDE[genre],
            shown=WIDE[self._shown[song]],
            workspace=f"server {server}",
            at=START + timedelta(minutes=minute),
        )


def cast_vote(
    voter: str = "ann",
    track: str = "song 0",
    genre: str = "folk",
    *,
    shown: str = "pop",
    workspace: str = "server 0",
    at: datetime = START,
) -> CastVote:
    """Return a vote."""
    return CastVote(
        voter=voter,
        track=track,
        title=f"Title of {track}",
        artists=(f"Artist of {track}",),
        genre=genre,
        shown=shown,
        platform="discord",
        workspace=workspace,
        at=at,
        features={"energy": 0.5},
    )
