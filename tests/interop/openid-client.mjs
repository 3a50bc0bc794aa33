// A third-party client: npm `openid-client` (OpenID-certified), signing in by the device flow or the authorization code flow with
// PKCE. It discovers the server by OpenID Connect, or by RFC 8414 with the algorithm "oauth2", and verifies signatures of ID tokens.
//
// options: {"issuer": URL, "client_id": ID, "secret": TEXT?, "scope": "a b", "algorithm": "oauth2"?}
// requests: authorize {redirect_uri, pushed} (at a server that approves every request) · client_credentials · introspect · start → {user_code, …} · finish [{"verifier": "wrong"|"missing"}] · use {url, scheme} · refresh
//           · refresh_again (reuses the first refresh token) · revoke
// Every answer tells facts about the tokens, never the tokens; those go to the leak harness.
import * as client from 'openid-client';
import { options, report, serveRequests } from './lib/channel.mjs';

const { issuer, client_id: clientId, secret, scope, algorithm } = options();
const authentication = secret ? client.ClientSecretBasic(secret) : client.None();
const config = await client.discovery(new URL(issuer), clientId, undefined, authentication, {
  algorithm,
  execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
});

let verifier;
let authorization;
let tokens;
let firstRefreshToken;

function keep(answer) {
  for (const name of ['access_token', 'refresh_token', 'id_token']) {
    if (answer[name]) report({ secret: answer[name] });
  }
  const rotated = Boolean(tokens && answer.refresh_token && answer.refresh_token !== tokens.refresh_token);
  tokens = { ...tokens, ...answer };
  firstRefreshToken ??= answer.refresh_token;
  return { token_type: answer.token_type, expires_in: answer.expires_in, scope: answer.scope ?? null, rotated };
}

/** What the server refused, in OAuth's words, so that the test can tell one refusal from another. */
async function orRefusal(work) {
  try {
    return await work();
  } catch (error) {
    if (error.error) return { refused: error.error, status: error.status ?? null };
    throw error;
  }
}

serveRequests({
  async authorize({ redirect_uri, pushed }) {
    verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const nonce = scope.split(' ').includes('openid') ? client.randomNonce() : undefined;
    const parameters = {
      redirect_uri, scope, state, ...(nonce && { nonce }),
      code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    };
    const url = pushed
      ? await client.buildAuthorizationUrlWithPAR(config, parameters)
      : client.buildAuthorizationUrl(config, parameters);
    const answer = await fetch(url, { redirect: 'manual' });
    let received;
    try {
      received = await client.authorizationCodeGrant(config, new URL(answer.headers.get('location')), {
        pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce,
      });
    } catch (error) {
      return { rejected: error.cause?.message ?? error.message };
    }
    const claims = received.claims();
    const person = claims && await client.fetchUserInfo(config, received.access_token, claims.sub);
    return { ...keep(received), claims: claims ?? null, userinfo: person ?? null };
  },
  async client_credentials() {
    return orRefusal(async () => keep(await client.clientCredentialsGrant(config, { scope })));
  },
  async introspect() {
    return orRefusal(async () => client.tokenIntrospection(config, tokens.access_token));
  },
  async start() {
    verifier = client.randomPKCECodeVerifier();
    authorization = await client.initiateDeviceAuthorization(config, {
      scope, code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    });
    report({ secret: authorization.device_code });
    const { device_code: _hidden, ...shown } = authorization;
    return shown;
  },
  async finish({ verifier: kind }) {
    const parameters = { missing: {}, wrong: { code_verifier: client.randomPKCECodeVerifier() } }[kind]
      ?? { code_verifier: verifier };
    return orRefusal(async () => keep(await client.pollDeviceAuthorizationGrant(config, authorization, parameters)));
  },
  async use({ url, scheme = 'Bearer' }) {
    const answer = await fetch(url, { headers: { authorization: `${scheme} ${tokens.access_token}` } });
    return { status: answer.status };
  },
  async refresh() {
    return orRefusal(async () => keep(await client.refreshTokenGrant(config, tokens.refresh_token)));
  },
  async refresh_again() {
    return orRefusal(async () => keep(await client.refreshTokenGrant(config, firstRefreshToken)));
  },
  async revoke() {
    return orRefusal(async () => {
      await client.tokenRevocation(config, tokens.refresh_token, { token_type_hint: 'refresh_token' });
      return {};
    });
  },
});
report({ ready: { issuer: config.serverMetadata().issuer, metadata: config.serverMetadata() } });
