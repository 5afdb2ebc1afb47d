#!/usr/bin/python3
"""A relay over TCP that takes its time, as a long way would: DELAY_MS for each direction.

usage: delay_relay.py DELAY_MS LISTEN_HOST:PORT TO_HOST:PORT

Connecting takes a whole way there and back as well: nothing that the client sends is on its way before
that. Says `ready` when it listens, and ends when its standard input does.
"""
import asyncio
import sys


def parse(address):
    host, port = address.rsplit(":", 1)
    return host, int(port)


async def carry(reader, writer, delay, not_before):
    """Each piece leaves `delay` seconds after it came; a slow reader holds nothing up but itself."""
    loop = asyncio.get_running_loop()
    pieces = asyncio.Queue()

    async def send():
        while True:
            due, piece = await pieces.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if not piece:
                break
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    sender = asyncio.create_task(send())
    try:
        while True:
            piece = await reader.read(65536)
            pieces.put_nowait((max(loop.time(), not_before) + delay, piece))
            if not piece:
                break
    except ConnectionError:
        pieces.put_nowait((0, b""))
    try:
        await sender
    except (ConnectionError, OSError):
        pass


async def main():
    delay = float(sys.argv[1]) / 1000
    to_host, to_port = parse(sys.argv[3])

    async def serve(client_reader, client_writer):
        connected_at = asyncio.get_running_loop().time() + 2 * delay
        try:
            server_reader, server_writer = await asyncio.open_connection(to_host, to_port)
        except OSError:
            client_writer.close()
            return
        await asyncio.gather(
            carry(client_reader, server_writer, delay, connected_at),
            carry(server_reader, client_writer, delay, connected_at - delay),
        )
        for writer in (client_writer, server_writer):
            writer.close()

    host, port = parse(sys.argv[2])
    server = await asyncio.start_server(serve, host, port)
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
