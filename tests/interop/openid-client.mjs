// A client nobody here wrote: npm `openid-client` (OpenID-certified), signing in by the device flow with PKCE.
//
// options: {"issuer": URL, "client_id": ID, "scope": "a b"}
// requests: start → {user_code, …} · finish [{"verifier": "wrong"|"missing"}] · use {url, scheme} · refresh
//           · refresh_again (reuses the first refresh token) · revoke
// Every answer tells facts about the tokens, never the tokens; those go to the leak harness.
import * as client from 'openid-client';
import { options, report, serveRequests } from './lib/channel.mjs';

const { issuer, client_id: clientId, scope } = options();
const config = await client.discovery(new URL(issuer), clientId, undefined, client.None(), {
  algorithm: 'oauth2',
  execute: [client.allowInsecureRequests],
});

let verifier;
let authorization;
let tokens;
let firstRefreshToken;

function keep(answer) {
  for (const name of ['access_token', 'refresh_token']) {
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
