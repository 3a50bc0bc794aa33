// A client with npm `@modelcontextprotocol/sdk`. MCP_URL is the server; MCP_HEADERS, if set, a JSON object of headers.
// Prints one JSON document a line.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const headers = JSON.parse(process.env.MCP_HEADERS ?? '{}');
const client = new Client({ name: 'test', version: '1.0.0' });
const transport = new StreamableHTTPClientTransport(new URL(process.env.MCP_URL), { requestInit: { headers } });
const show = (fact) => console.log(JSON.stringify(fact));

try {
  await client.connect(transport);
  const call = async (name, input, onprogress) => {
    const result = await client.callTool({ name, arguments: input }, undefined, { onprogress });
    return result.content[0].text;
  };
  show({ echo: await call('echo', { text: 'one' }) });
  let progress = 0;
  const count = await call('count', { to: Number(process.env.MCP_COUNT ?? 3) }, () => { progress += 1; });
  show({ count, progress });
  show({ echo: await call('echo', { text: 'two' }) });
  await transport.terminateSession();
  await client.close();
} catch (error) {
  show({ failed: String(error?.message ?? error) });
  process.exitCode = 1;
}
