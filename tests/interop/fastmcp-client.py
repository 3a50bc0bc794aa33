"""A client with PyPI `fastmcp`. MCP_URL is the server; MCP_HEADERS, if set, a JSON object of headers. Prints one JSON document."""

import asyncio
import json
import os
import sys

from fastmcp import Client
from fastmcp.client.transports import StreamableHttpTransport


async def main():
    headers = json.loads(os.environ.get("MCP_HEADERS", "{}"))
    async with Client(StreamableHttpTransport(os.environ["MCP_URL"], headers=headers)) as client:
        result = await client.call_tool("echo", {"text": "one"})
        print(json.dumps({"echo": result.data}))


try:
    asyncio.run(main())
except Exception as error:
    print(json.dumps({"failed": f"{type(error).__name__}: {error}"}))
    sys.exit(1)
