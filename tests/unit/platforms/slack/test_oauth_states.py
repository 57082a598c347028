"""States of installations: signed, valid once and for ten minutes, without a row."""

from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack.installations import MAX_USED_STATES, STATE_LIFETIME, OAuthStates

SECRET = "hush-client"  # noqa: S105 - a test\'s


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_700_000_000.0

    def __call__(self) -> float:
        return self.seconds


async def test_state_is_valid_once() -> None:
    states = OAuthStates(SECRET)
    state = await states.async_issue()
    assert await states.async_consume(state)
    assert not await states.async_consume(state)


async def test_state_is_valid_in_another_process_with_the_same_secret() -> None:
    state = await OAuthStates(SECRET).async_issue()
    assert await OAuthStates(SECRET).async_consume(state)
    assert not await OAuthStates("another").async_consume(state)


async def test_state_expires() -> None:
    clock = Clock()
    states = OAuthStates(SECRET, clock)
    early, late = await states.async_issue(), await states.async_issue()
    clock.seconds += STATE_LIFETIME - 1
    assert await states.async_consume(early)
    clock.seconds += 1
    assert not await states.async_consume(late)


async def test_states_differ_and_do_not_contain_the_secret() -> None:
    issued = {await OAuthStates(SECRET).async_issue() for _ in range(100)}
    assert len(issued) == 100
    assert not any(SECRET in state for state in issued)


async def test_used_states_are_kept_within_a_limit_until_they_expire() -> None:
    clock = Clock()
    states = OAuthStates(SECRET, clock)
    for _ in range(MAX_USED_STATES):
        assert await states.async_consume(await states.async_issue())
    assert not await states.async_consume(await states.async_issue())
    clock.seconds += STATE_LIFETIME
    assert await states.async_consume(await states.async_issue())


@given(st.text(), st.integers(0, 120))
async def test_altered_state_is_not_valid(text: str, place: int) -> None:
    states = OAuthStates(SECRET)
    state = await states.async_issue()
    for altered in (
        text,
        state[:place] + text + state[place + 1 :],
        f"{state}{text}.",
        f".{state}",
    ):
        assert altered == state or not await states.async_consume(altered)
