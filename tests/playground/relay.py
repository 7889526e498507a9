#!/usr/bin/env python3
"""A relay of TCP: takes connections on a port, and says over another connection to HOST what is said to it.

relay.py PORT HOST PORT
"""

import asyncio
import sys


async def pour(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.write_eof()


async def main(port, host, there):
    async def relay(reader, writer):
        beyond_reader, beyond_writer = await asyncio.open_connection(host, there)
        await asyncio.gather(pour(reader, beyond_writer), pour(beyond_reader, writer), return_exceptions=True)
        beyond_writer.close()
        writer.close()

    server = await asyncio.start_server(relay, "0.0.0.0", port)
    await server.serve_forever()


asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
