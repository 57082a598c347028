"""Which connections are closed when all places are taken, or for taking too long."""

import asyncio
import resource
from collections.abc import Iterator

import pytest

from bot.platforms.http.connections import (
    MAX_CONNECTIONS,
    Connection,
    Connections,
    Limits,
    default_limits,
)
from bot.runtime import descriptors


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class FakeTransport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.is_aborted = False

    def abort(self) -> None:
        self.is_aborted = True


class Table:
    """Connections with fake transports, and a clock."""

    def __init__(self, places: int) -> None:
        self.clock = Clock()
        self.limits = Limits(places, grace=1, head_seconds=10, idle_seconds=75, write_seconds=10)
        self.connections = Connections(self.limits, self.clock)
        self.transports: dict[Connection, FakeTransport] = {}

    def add(self, address: str = "a", *, has_asked: bool = False) -> Connection:
        connection = self.connections.add(asyncio.Protocol(), address)
        self.transports[connection] = FakeTransport()
        connection.connection_made(self.transports[connection])
        if has_asked:
            with connection.state(busy=True):
                pass
        return connection

    def is_open(self, connection: Connection) -> bool:
        return not self.transports[connection].is_aborted


def test_nothing_is_closed_while_places_are_free() -> None:
    table = Table(2)
    first = table.add()
    table.clock.seconds = 5
    assert table.connections.make_room() == 0
    assert table.is_open(first)


def test_the_oldest_silent_connection_is_closed_for_a_new_one() -> None:
    table = Table(3)
    old, newer, newest = table.add(), table.add(), table.add()
    newer.changed_at, newest.changed_at = 1, 2
    table.clock.seconds = 5
    assert table.connections.make_room() == 1
    assert [table.is_open(c) for c in (old, newer, newest)] == [False, True, True]
    assert len(table.connections) == 2


def test_one_that_never_asked_is_closed_before_one_that_did() -> None:
    table = Table(2)
    asked, silent = table.add(has_asked=True), table.add()
    silent.changed_at = 3
    table.clock.seconds = 5
    table.connections.make_room()
    assert (table.is_open(asked), table.is_open(silent)) == (True, False)


def test_the_address_with_most_connections_loses_one() -> None:
    table = Table(3)
    good = table.add("good")
    for _ in range(2):
        table.add("attacker")
    table.clock.seconds = 5
    table.connections.make_room()
    assert table.is_open(good)


def test_a_busy_connection_is_never_closed_and_a_new_one_has_to_wait() -> None:
    table = Table(1)
    connection = table.add()
    with connection.state(busy=True):
        table.clock.seconds = 5_000
        assert table.connections.make_room() is None
        table.connections.close_overdue()
        assert table.is_open(connection)
        with connection.state(busy=False):  # its body is being read
            table.clock.seconds += 5
            assert table.connections.make_room() == 1


def test_a_connection_has_some_time_before_it_may_be_closed() -> None:
    table = Table(1)
    table.add()
    table.clock.seconds = 0.5
    assert table.connections.make_room() is None
    table.clock.seconds = 1
    assert table.connections.make_room() == 1


@pytest.mark.parametrize(
    ("has_asked", "seconds", "is_open"),
    [(False, 10, True), (False, 10.1, False), (True, 75, True), (True, 75.1, False)],
)
def test_a_connection_that_asks_nothing_is_closed(
    seconds: float, *, has_asked: bool, is_open: bool
) -> None:
    table = Table(9)
    connection = table.add(has_asked=has_asked)
    table.clock.seconds = seconds
    table.connections.close_overdue()
    assert table.is_open(connection) == is_open


def test_a_client_that_does_not_read_its_response_is_cut_off() -> None:
    table = Table(9)
    reads, does_not = table.add(), table.add()
    for connection in (reads, does_not):
        connection.is_busy = True
        connection.pause_writing()
    reads.resume_writing()
    table.clock.seconds = 11
    table.connections.close_overdue()
    assert (table.is_open(reads), table.is_open(does_not)) == (True, False)


def test_a_connection_that_ends_frees_its_place() -> None:
    table = Table(1)
    connection = table.add()
    connection.connection_lost(None)
    assert table.connections.make_room() == 0


def test_a_connection_closed_before_it_was_made_is_aborted_then() -> None:
    table = Table(1)
    connection = table.connections.add(asyncio.Protocol(), "a")
    connection.abort()
    transport = FakeTransport()
    connection.connection_made(transport)
    assert transport.is_aborted


@pytest.fixture
def descriptor_limit() -> Iterator[tuple[int, int]]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_server_takes_a_third_of_the_descriptors(descriptor_limit: tuple[int, int]) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (900, descriptor_limit[1]))
    assert default_limits().connections == 300
    descriptors.raise_limit()
    wanted = min(descriptors.WANTED, descriptor_limit[1])
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (wanted, descriptor_limit[1])
    assert default_limits().connections == min(MAX_CONNECTIONS, wanted // 3)
