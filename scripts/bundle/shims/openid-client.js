/* eslint @typescript-eslint/explicit-module-boundary-types: off, @typescript-eslint/no-require-imports: off */
// OpenID Connect, loaded when a token is to be refreshed.
export const customFetch = Symbol('customFetch');

export async function discovery(issuer, clientId, metadata, authentication, options) {
  const client = require('openid-client');
  const own = options === undefined ? undefined : { [client.customFetch]: options[customFetch] };
  return client.discovery(issuer, clientId, metadata, authentication, own);
}

export async function refreshTokenGrant(configuration, refreshToken) {
  return require('openid-client').refreshTokenGrant(configuration, refreshToken);
}
