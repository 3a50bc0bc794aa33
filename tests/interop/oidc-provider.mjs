// A third-party authorization server: npm `oidc-provider`, with the device grant, short access tokens, refresh
// rotation, revocation and introspection. It sends no `interval`, so clients poll every 5 s.
//
// options: {"access_ttl": seconds, "code_ttl": seconds, "par": "required" or nothing, "jwks": the keys of the client
// private_key_jwt, "auth_methods": the methods of client authentication that the metadata lists}
// requests: approve {user_code} · deny {user_code} · browse {url, abort} · introspect {token} · revoke_everything · seen
import { createServer } from 'node:http';
import { once } from 'node:events';
import Provider from 'oidc-provider';
import { options, report, serveRequests } from './lib/channel.mjs';
import { Person } from './lib/person.mjs';

const { access_ttl: accessTtl = 2, code_ttl: codeTtl = 600, par, jwks, auth_methods: authMethods } = options();

// The library warns of its development settings; stdout belongs to the test.
console.info = console.warn = console.error;

const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://localhost:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'native',
    client_name: 'brainmaps under test',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    response_types: [],
    redirect_uris: [],
  }, {
    client_id: 'browser',
    client_name: 'brainmaps under test',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
  }, ...['client_secret_basic', 'client_secret_post', 'private_key_jwt'].map((method) => ({
    client_id: method,
    client_secret: method === 'private_key_jwt' ? undefined : 'canary:client secret',
    jwks: method === 'private_key_jwt' ? jwks : undefined,
    token_endpoint_auth_method: method,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  }))],
  ...(authMethods ? { clientAuthMethods: authMethods } : {}),
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
    introspection: { enabled: true },
    devInteractions: { enabled: true },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: par === 'required' },
  },
  rotateRefreshToken: true,
  ttl: {
    AccessToken: accessTtl, ClientCredentials: accessTtl, DeviceCode: codeTtl, RefreshToken: 3600, IdToken: 3600, Session: 3600, Grant: 3600, Interaction: 600,
  },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, email: 'ada@example.org' }) }),
});

// Every issued secret is reported to the leak harness; every token request is counted.
const requests = [];
const grants = new Set();
provider.on('grant.success', ({ oidc }) => {
  // A client that acts for itself has no grant.
  if (oidc.entities.Grant) grants.add(oidc.entities.Grant.jti);
});
provider.use(async (context, next) => {
  await next();
  const body = context.body ?? {};
  for (const name of ['access_token', 'refresh_token', 'id_token', 'device_code']) {
    if (typeof body[name] === 'string') report({ secret: body[name] });
  }
  if (context.oidc?.route === 'token') {
    requests.push({ client_auth: context.oidc.client?.clientAuthMethod ?? null, grant_type: context.oidc.params?.grant_type ?? null, status: context.status, error: body.error ?? null });
  }
});
server.on('request', provider.callback());

async function confirmationPage(person, userCode) {
  const page = await person.open(`${issuer}/device`);
  return person.submit(page, { user_code: userCode });
}

serveRequests({
  async approve({ user_code: userCode }) {
    const person = new Person();
    const confirm = await confirmationPage(person, userCode);
    const login = await person.submit(confirm, {});
    const consent = await person.submit(login, { login: 'ada', password: 'any' });
    const done = await person.submit(consent, {});
    if (!done.text.includes('Sign-in Success')) throw new Error(`not approved: ${done.text.slice(0, 600)}`);
  },
  async deny({ user_code: userCode }) {
    const person = new Person();
    const confirm = await confirmationPage(person, userCode);
    const done = await person.submit(confirm, { abort: 'yes' });
    if (!done.text.includes('interrupted')) throw new Error(`not denied: ${done.text.slice(0, 600)}`);
  },
  // From the authorization endpoint to the page of the program.
  async browse({ url, abort }) {
    const person = new Person();
    const login = await person.open(url);
    if (abort) {
      const link = login.text.match(/href="([^"]*\/abort)"/)[1];
      return person.open(new URL(link, login.url));
    }
    const consent = await person.submit(login, { login: 'ada', password: 'any' });
    return person.submit(consent, {});
  },
  async introspect({ token }) {
    const answer = await fetch(`${issuer}/token/introspection`, {
      method: 'POST', body: new URLSearchParams({ client_id: 'native', token }),
    });
    return answer.json();
  },
  // What an administrator does: every grant is gone, and with it every token.
  async revoke_everything() {
    for (const id of grants) await (await provider.Grant.find(id))?.destroy();
  },
  async seen() {
    return requests;
  },
});
report({ ready: { issuer } });
