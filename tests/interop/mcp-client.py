"""A client with PyPI `mcp`. MCP_URL is the server; MCP_HEADERS, if set, a JSON object of headers.

Prints one JSON document a line.
"""

import asyncio
import json
import os
import sys

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client


def show(**fact):
    print(json.dumps(fact), flush=True)


async def main():
    headers = json.loads(os.environ.get("MCP_HEADERS", "{}"))
    progress = []

    async def on_progress(done, total, message):
        progress.append(done)

    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(os.environ["MCP_URL"], http_client=http)
        async with Client(transport) as client:
            result = await client.call_tool("echo", {"text": "one"})
            show(echo=result.content[0].text)
            to = int(os.environ.get("MCP_COUNT", "3"))
            result = await client.call_tool("count", {"to": to}, progress_callback=on_progress)
            show(count=result.content[0].text, progress=len(progress))
            result = await client.call_tool("echo", {"text": "two"})
            show(echo=result.content[0].text)


def innermost(error):
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


try:
    asyncio.run(main())
except Exception as error:
    show(failed=str(innermost(error)))
    sys.exit(1)
