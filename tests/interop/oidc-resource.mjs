// A protected resource `/mcp` whose authorization server is npm `oidc-provider`, with dynamic registration,
// resource indicators (RFC 8707), refresh rotation, pushed requests and `iss` in its responses.
//
// options: {"access_ttl": seconds, "foreign": whether another server is the resource, which verifies JWTs itself, "jwks": the keys
// of the client `robot`, which signs in as itself}
// requests: browse {url, abort} · forget_clients · seen
import { createServer } from 'node:http';
import { once } from 'node:events';
import Provider from 'oidc-provider';
import { options, report, serveRequests } from './lib/channel.mjs';
import { Person } from './lib/person.mjs';

const { access_ttl: accessTtl = 600, foreign = false, jwks } = options();
console.info = console.warn = console.error;

async function listen() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return [server, `http://localhost:${server.address().port}`];
}

const [server, issuer] = await listen();
const [resourceServer, origin] = await listen();
const resource = `${origin}/mcp`;
const metadata = '/.well-known/oauth-protected-resource/mcp';

const robot = {
  client_id: 'robot', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
  token_endpoint_auth_method: 'private_key_jwt', scope: 'tools:read tools:write', jwks,
};
const provider = new Provider(issuer, {
  clients: jwks ? [robot] : [],
  features: {
    clientCredentials: { enabled: true },
    registration: { enabled: true },
    revocation: { enabled: true },
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_context, asked) => {
        if (!foreign && asked !== resource) throw new Error(`unknown resource ${asked}`);
        return { scope: 'tools:read tools:write', audience: asked, accessTokenTTL: accessTtl, accessTokenFormat: foreign ? 'jwt' : 'opaque' };
      },
      useGrantedResource: () => true,
    },
  },
  scopes: ['openid', 'offline_access', 'tools:read', 'tools:write'],
  rotateRefreshToken: true,
  ttl: { RefreshToken: 3600, IdToken: 3600, Session: 3600, Grant: 3600, Interaction: 600 },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
});

const requests = [];
provider.use(async (context, next) => {
  await next();
  const body = context.body ?? {};
  for (const name of ['access_token', 'refresh_token', 'id_token', 'client_secret', 'registration_access_token']) {
    if (typeof body[name] === 'string') report({ secret: body[name] });
  }
  const route = context.oidc?.route;
  if (route === 'token' || route === 'registration') {
    requests.push({
      route, status: context.status, grant_type: context.oidc.params?.grant_type ?? null,
      resource: context.oidc.params?.resource ?? null,
    });
  }
});
server.on('request', provider.callback());

async function acceptedToken(authorization) {
  const [scheme, value] = (authorization ?? '').split(' ');
  const token = scheme === 'Bearer' ? await provider.AccessToken.find(value) : undefined;
  return token && !token.isExpired && token.aud === resource ? token : undefined;
}

resourceServer.on('request', async (request, response) => {
  const { pathname } = new URL(request.url, origin);
  const send = (status, body, headers = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
  if (pathname === metadata) {
    send(200, { resource, authorization_servers: [issuer], scopes_supported: ['tools:read', 'tools:write'] });
    return;
  }
  const token = await acceptedToken(request.headers.authorization);
  if (token) {
    send(200, { scope: token.scope, path: pathname });
    return;
  }
  const challenge = `Basic realm="a, b", Bearer resource_metadata="${origin}${metadata}", scope="tools:read"`;
  send(401, {}, { 'www-authenticate': challenge });
});

serveRequests({
  async browse({ url, abort }) {
    const person = new Person();
    const login = await person.open(url);
    if (abort) {
      const link = login.text.match(/href="([^"]*\/abort)"/)[1];
      return (await person.open(new URL(link, login.url))).status;
    }
    const consent = await person.submit(login, { login: 'ada', password: 'any' });
    return (await person.submit(consent, {})).status;
  },
  seen: async () => requests,
});
report({ ready: { issuer, resource, jwks_uri: `${issuer}/jwks` } });
