"""The proxy that makes a server distant."""

import asyncio

from tests.support.latency_proxy import latency_proxy

DELAY_S = 0.01


async def test_proxy_returns_data_unchanged_after_the_delay_of_both_directions() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read())
        writer.close()

    sent = bytes(range(256)) * 4096
    clock = asyncio.get_running_loop().time
    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with latency_proxy(port, DELAY_S) as distant:
            reader, writer = await asyncio.open_connection("127.0.0.1", distant)
            started = clock()
            writer.write(sent)
            writer.write_eof()
            assert await reader.read() == sent
            assert clock() - started > 2 * DELAY_S
            writer.close()
            await writer.wait_closed()
