// A client with npm `@modelcontextprotocol/sdk` that calls the tool `greet`. MCP_URL is the server; MCP_HEADERS, if set, a
// JSON object of headers. Prints one JSON document.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const headers = JSON.parse(process.env.MCP_HEADERS ?? '{}');
const client = new Client({ name: 'test', version: '1.0.0' });
const transport = new StreamableHTTPClientTransport(new URL(process.env.MCP_URL), { requestInit: { headers } });
const show = (fact) => console.log(JSON.stringify(fact));

try {
  await client.connect(transport);
  const result = await client.callTool({ name: 'greet', arguments: { name: 'Ada' } });
  show({ greeting: result.content[0].text });
  await transport.terminateSession();
  await client.close();
} catch (error) {
  show({ failed: String(error?.message ?? error) });
  process.exitCode = 1;
}
