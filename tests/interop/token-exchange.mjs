// A third-party authorization server that exchanges the identity of a job: npm `oidc-provider` with two grants of our own, whose
// signatures `jose` verifies with the keys that the issuer of the identity publishes.
//
// requests: seen
import { createServer } from 'node:http';
import { once } from 'node:events';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import Provider, { errors } from 'oidc-provider';
import { options, report, serveRequests } from './lib/channel.mjs';

const { access_ttl: accessTtl = 600 } = options();
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

// The library warns of its development settings; stdout belongs to the test.
console.info = console.warn = console.error;

const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://localhost:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'ci',
    token_endpoint_auth_method: 'none',
    grant_types: [EXCHANGE, BEARER],
    response_types: [],
    redirect_uris: [],
  }],
  scopes: ['deploy', 'read'],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  ttl: { ClientCredentials: accessTtl },
});

// Issuer (on this machine), signature, audience and lifetime, then the repository: what a real server's rule compares.
async function verify(token) {
  const { iss } = decodeJwt(token);
  if (new URL(iss).hostname !== '127.0.0.1') throw new errors.InvalidGrant('unknown issuer');
  const metadata = await (await fetch(`${iss}/.well-known/openid-configuration`)).json();
  const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
  const { payload } = await jwtVerify(token, keys, { issuer: metadata.issuer, audience: issuer, requiredClaims: ['sub', 'exp'] });
  return payload;
}

const requests = [];
async function exchange(context, field) {
  const { client, params } = context.oidc;
  let claims;
  try {
    claims = await verify(params[field]);
  } catch (error) {
    requests.push({ grant_type: params.grant_type, error: error.code ?? error.message });
    throw new errors.InvalidGrant(`the token is not trusted: ${error.code ?? error.message}`);
  }
  requests.push({ grant_type: params.grant_type, sub: claims.sub, type: params.subject_token_type ?? null });
  const token = new provider.ClientCredentials({ client, scope: params.scope });
  const value = await token.save();
  report({ secret: value });
  context.body = {
    access_token: value,
    token_type: 'Bearer',
    expires_in: token.expiration,
    scope: token.scope,
    ...(field === 'subject_token' && { issued_token_type: 'urn:ietf:params:oauth:token-type:access_token' }),
  };
}

provider.registerGrantType(EXCHANGE, (context) => exchange(context, 'subject_token'), [
  'subject_token', 'subject_token_type', 'requested_token_type', 'scope', 'audience', 'resource',
]);
provider.registerGrantType(BEARER, (context) => exchange(context, 'assertion'), ['assertion', 'scope', 'resource', 'audience']);
server.on('request', provider.callback());

serveRequests({
  async seen() {
    return requests;
  },
});
report({ ready: { issuer } });
