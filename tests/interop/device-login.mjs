// One sign-in by the device flow with npm `openid-client` (OpenID-certified), for `brainmaps sandbox conformance`: shows
// code and addresses, ends with 0 when it has its tokens. ISSUER and CLIENT_ID say where and as whom.
import * as client from 'openid-client';

try {
  const options = { algorithm: 'oauth2', execute: [client.allowInsecureRequests] };
  const config = await client.discovery(
    new URL(process.env.ISSUER), process.env.CLIENT_ID, undefined, client.None(), options,
  );
  const verifier = client.randomPKCECodeVerifier();
  const shown = await client.initiateDeviceAuthorization(config, {
    code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  });
  console.log(`open ${shown.verification_uri} and enter ${shown.user_code}`);
  if (shown.verification_uri_complete) console.log(`or open ${shown.verification_uri_complete}`);
  await client.pollDeviceAuthorizationGrant(config, shown, { code_verifier: verifier });
} catch (error) {
  console.error(error.error ?? '', error.message, error.cause?.message ?? '');
  process.exitCode = 1;
}
