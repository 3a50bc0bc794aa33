// An MCP server with npm `@modelcontextprotocol/sdk`. It accepts only requests whose token the authorization server accepts
// at the time of the request. A stream goes on when its token expires, as streams of real servers do.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';
import { options, report, serveRequests } from './lib/channel.mjs';

const { check } = options();
const sessions = new Map();
const tokens = new Set();
let rejected = 0;

function newServer() {
  const server = new McpServer({ name: 'test', version: '1.0.0' });
  server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => ({
    content: [{ type: 'text', text }],
  }));
  // Reports its progress every 200 ms: the response is an event stream.
  server.registerTool('count', { inputSchema: { to: z.number() } }, async ({ to }, extra) => {
    const progressToken = extra._meta?.progressToken;
    for (let progress = 1; progress <= to; progress += 1) {
      await new Promise((resolve) => { setTimeout(resolve, 200); });
      if (progressToken !== undefined) {
        await extra.sendNotification({
          method: 'notifications/progress', params: { progressToken, progress, total: to },
        });
      }
    }
    return { content: [{ type: 'text', text: `counted to ${to}` }] };
  });
  return server;
}

async function transportFor(id) {
  const known = sessions.get(id);
  if (known) return known;
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (created) => { sessions.set(created, transport); },
  });
  await newServer().connect(transport);
  return transport;
}

async function isAccepted(authorization) {
  if (!authorization) return false;
  const answer = await fetch(check, { headers: { authorization } });
  await answer.text();
  return answer.ok;
}

const server = createServer(async (request, response) => {
  const { authorization } = request.headers;
  if (!(await isAccepted(authorization))) {
    rejected += 1;
    response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
    return;
  }
  tokens.add(authorization);
  const transport = await transportFor(request.headers['mcp-session-id']);
  await transport.handleRequest(request, response);
});

server.listen(0, '127.0.0.1', () => {
  report({ ready: { url: `http://localhost:${server.address().port}/mcp` } });
});
serveRequests({ seen: () => ({ tokens: tokens.size, rejected }) });
