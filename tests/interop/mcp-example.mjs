// The example of npm `@modelcontextprotocol/sdk` with an authorization server of its own, unchanged, on two free ports. It
// accepts only tokens that were issued for it (`--oauth-strict`).
//
// requests: browse {url}
import { createServer } from 'node:net';
import { once } from 'node:events';
import { report, serveRequests } from './lib/channel.mjs';
import { Person } from './lib/person.mjs';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function untilItAnswers(url) {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      await (await fetch(url)).text();
      return;
    } catch {
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  }
  throw new Error(`no answer from ${url}`);
}

// stdout belongs to the test.
console.log = console.info = console.error;
process.env.MCP_PORT = String(await freePort());
process.env.MCP_AUTH_PORT = String(await freePort());
process.argv.push('--oauth', '--oauth-strict');
await import('@modelcontextprotocol/sdk/examples/server/simpleStreamableHttp.js');

const url = `http://localhost:${process.env.MCP_PORT}/mcp`;
const issuer = `http://localhost:${process.env.MCP_AUTH_PORT}/`;
await untilItAnswers(url);
await untilItAnswers(issuer);
serveRequests({
  async browse({ url: page }) {
    const { status, text } = await new Person().open(page);
    return { status, text };
  },
});
report({ ready: { url, issuer } });
