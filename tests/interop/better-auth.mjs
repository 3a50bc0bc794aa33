// A third-party authorization server: npm `better-auth` with its OAuth provider, as an application in Node serves it, and an API
// at /mcp that its resource client protects; or with its plugin for MCP servers in their place. The issuer has a path. Everything
// is in memory.
//
// options: {"access_ttl": seconds, "mcp": whether the plugin is used}
// requests: approve {user_code} · deny {user_code} · browse {url, deny} · is_active {token} · seen
import { createServer } from 'node:http';
import { once } from 'node:events';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { jwt } from 'better-auth/plugins';
import { oauthDeviceAuthorization, oauthProvider } from '@better-auth/oauth-provider';
import { oauthProviderResourceClient } from '@better-auth/oauth-provider/resource-client';
import { mcp, requireMcpAuth } from '@better-auth/mcp';
import { options, report, serveRequests } from './lib/channel.mjs';
import { Person } from './lib/person.mjs';

const { access_ttl: accessTtl = 3600, mcp: isMcp = false } = options();
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

// stdout belongs to the test.
console.log = console.info = console.warn = console.error;

const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;
const issuer = `${origin}/api/auth`;
const resource = `${origin}/mcp`;

const tables = ['user', 'session', 'account', 'verification', 'jwks', 'rateLimit', 'deviceCode'];
const provider = {
  loginPage: '/sign-in',
  consentPage: '/consent',
  scopes: ['openid', 'profile', 'email', 'offline_access', 'maps:read', 'maps:write'],
  accessTokenExpiresIn: accessTtl,
  allowDynamicClientRegistration: true,
  allowUnauthenticatedClientRegistration: true,
  silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
};
const plugins = [
  jwt(),
  // Without the plugin, every registered client may request tokens for the API.
  isMcp ? mcp({ ...provider, resource }) : oauthProvider({ ...provider, resources: [resource], enforcePerClientResources: false }),
  oauthDeviceAuthorization({ verificationUri: '/device', interval: '1s' }),
];
for (const { schema } of plugins) tables.push(...Object.keys(schema ?? {}));
const auth = betterAuth({
  baseURL: origin,
  basePath: '/api/auth',
  secret: 'a secret of the server that no client has',
  database: memoryAdapter(Object.fromEntries(tables.map((name) => [name, []]))),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins,
});

// The API: its metadata, a read path and a write path.
const api = oauthProviderResourceClient(auth).getActions();
const metadataPath = '/.well-known/oauth-protected-resource/mcp';

async function serveResource(path, request, response) {
  response.setHeader('content-type', 'application/json');
  if (path === metadataPath) {
    return response.end(JSON.stringify(await api.getProtectedResourceMetadata({ resource, authorization_servers: [issuer], scopes_supported: ['maps:read'] })));
  }
  const requiredScopes = [path === '/mcp/write' ? 'maps:write' : 'maps:read'];
  if (isMcp) return serveMcp(request, response, requiredScopes);
  const token = request.headers.authorization?.replace(/^Bearer /, '');
  try {
    const claims = await api.verifyBearerToken(token, { verifyOptions: { audience: resource, issuer }, requiredScopes });
    return response.end(JSON.stringify({ scope: claims.scope }));
  } catch (error) {
    for (const [name, value] of Object.entries(error.headers ?? {})) response.setHeader(name, value);
    if (!error.statusCode) console.error(error);
    response.statusCode = error.statusCode ?? 500;
    return response.end('{}');
  }
}

// The plugin protects handlers of web requests.
async function serveMcp(request, response, requiredScopes) {
  const guarded = requireMcpAuth(auth, async (_, claims) => Response.json({ scope: claims.scope }), { resource, requiredScopes });
  const answer = await guarded(new Request(new URL(request.url, origin), { method: request.method, headers: request.headers }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  return response.end(await answer.text());
}

// Every issued secret is reported to the leak harness; every request is counted.
const requests = [];
const handle = toNodeHandler(auth);
server.on('request', async (request, response) => {
  const path = request.url.split('?')[0];
  const chunks = [];
  const { write, end } = response;
  const keep = (chunk) => { if (chunk && typeof chunk !== 'function') chunks.push(Buffer.from(chunk)); };
  response.write = (chunk, ...rest) => { keep(chunk); return write.call(response, chunk, ...rest); };
  response.end = (chunk, ...rest) => { keep(chunk); return end.call(response, chunk, ...rest); };
  response.on('finish', () => {
    requests.push({ method: request.method, path, status: response.statusCode });
    if (!/\/(token|code|register)$/.test(path)) return;
    const body = JSON.parse(Buffer.concat(chunks).toString() || '{}');
    for (const name of ['access_token', 'refresh_token', 'id_token', 'device_code', 'client_secret']) {
      if (typeof body[name] === 'string') report({ secret: body[name] });
    }
  });
  // The plugin serves its metadata itself.
  if ((path === metadataPath && !isMcp) || path.startsWith('/mcp')) return serveResource(path, request, response);
  // The pages of the application itself.
  if (!path.startsWith('/api/') && !path.startsWith('/.well-known/')) return response.end(path);
  return handle(request, response);
});

const register = (metadata) => fetch(`${issuer}/oauth2/register`, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(metadata),
}).then((answer) => answer.json());

const device = await register({
  client_name: 'brainmaps under test', application_type: 'native', token_endpoint_auth_method: 'none',
  grant_types: [DEVICE_GRANT, 'refresh_token'], redirect_uris: ['http://127.0.0.1/callback'],
});
let people = 0;

async function signedIn() {
  const person = new Person();
  people += 1;
  await person.call(`${issuer}/sign-up/email`, { name: 'Ada', email: `ada${people}@example.org`, password: 'a long password' });
  return person;
}

async function decide(userCode, decision) {
  const person = await signedIn();
  await person.open(`${issuer}/device?user_code=${userCode}`);
  return person.call(`${issuer}/device/${decision}`, { userCode });
}

serveRequests({
  approve: ({ user_code: userCode }) => decide(userCode, 'approve'),
  deny: ({ user_code: userCode }) => decide(userCode, 'deny'),
  // From the authorization endpoint to the page of the program.
  async browse({ url, deny }) {
    const person = await signedIn();
    let consent = await person.open(url);
    // Requests of scripts, which Node's are, get the next page as a document.
    if (consent.text.startsWith('{')) consent = await person.open(new URL(JSON.parse(consent.text).url, origin));
    if (consent.url.pathname !== '/consent') throw new Error(`no consent page: ${consent.url} ${consent.text.slice(0, 300)}`);
    const answer = await person.call(`${issuer}/oauth2/consent`, { accept: !deny, oauth_query: consent.url.search.slice(1) });
    return person.open(answer.redirect_uri ?? answer.url);
  },
  // Introspection is for the client of the token only.
  async is_active({ token }) {
    const answer = await fetch(`${issuer}/oauth2/userinfo`, { headers: { authorization: `Bearer ${token}` } });
    return answer.ok;
  },
  async seen() {
    return requests;
  },
});
report({ ready: { issuer, resource, client_id: device.client_id } });
