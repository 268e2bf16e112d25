"""The websockets library's ``broadcast``. It takes no posts: they come in on a second port."""

import asyncio
import contextlib
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

connections: set[ServerConnection] = set()


async def watch(connection: ServerConnection) -> None:
    connections.add(connection)
    try:
        await connection.wait_closed()
    finally:
        connections.discard(connection)


async def publish(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer posts, which the load client sends with their length as the last header."""
    with contextlib.suppress(asyncio.IncompleteReadError):  # the client has gone
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(int(head.rsplit(b":", 1)[1]))
            broadcast(connections, body.decode())
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")


async def main(port: int, publishing_port: int) -> None:
    await asyncio.start_server(publish, "127.0.0.1", publishing_port)
    async with serve(watch, "127.0.0.1", port, compression=None, backlog=4096) as server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2])))
