"""Bodies that are the same for everyone."""

from aiohttp.test_utils import make_mocked_request

from bot.platforms.web.caching import Bodies


class Making:
    """Counts the bodies that it makes."""

    def __init__(self) -> None:
        self.made = 0

    async def __call__(self) -> bytes:
        self.made += 1
        return b"body"


async def ask(bodies: Bodies, key: str, make: Making, known: str = "") -> tuple[int, str]:
    request = make_mocked_request("GET", "/", headers={"If-None-Match": known} if known else {})
    response = await bodies.response(request, key, make, content_type="text/plain", headers={})
    return response.status, response.headers["ETag"]


async def test_tag_is_known_for_longer_than_its_body() -> None:
    bodies, make = Bodies(kept=1), Making()
    status, tag = await ask(bodies, "a", make)
    await ask(bodies, "b", make)
    assert (status, make.made) == (200, 2)
    assert await ask(bodies, "a", make, tag) == (304, tag)
    assert make.made == 2
    assert await ask(bodies, "a", make) == (200, tag)
    assert make.made == 3


async def test_without_its_tag_a_body_is_made_and_not_sent_to_those_who_have_it() -> None:
    make = Making()
    _, tag = await ask(Bodies(kept=1), "a", make)
    restarted = Bodies(kept=1)
    assert await ask(restarted, "a", make, tag) == (304, tag)
    assert make.made == 2


async def test_malformed_tags_are_no_tags() -> None:
    bodies, make = Bodies(kept=1), Making()
    _, tag = await ask(bodies, "a", make)
    for known in ("x", '"', tag + "x" * 10_000, f'{tag[:-2]}"'):
        assert (await ask(bodies, "a", make, known))[0] == 200
