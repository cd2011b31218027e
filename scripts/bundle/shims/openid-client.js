/* eslint @typescript-eslint/explicit-module-boundary-types: off, @typescript-eslint/no-require-imports: off */
// OpenID Connect, loaded when a token is to be renewed. KubeConfig 2.0.1 and openid-client 6 do not fit in three places,
// so that no token was ever renewed: a string where a URL is expected, and, with a certificate authority of the issuer, a
// body that https.request does not take and an answer that is no Response.
export const customFetch = Symbol('customFetch');

export async function discovery(issuer, clientId, metadata, authentication, options) {
  const client = require('./openid-parts.js');
  const own = options === undefined ? undefined : { [client.customFetch]: fitting(options[customFetch]) };
  return client.discovery(new URL(issuer), clientId, metadata, authentication, own);
}

export async function refreshTokenGrant(configuration, refreshToken) {
  return require('./openid-parts.js').refreshTokenGrant(configuration, refreshToken);
}

function fitting(fetchOfKubeConfig) {
  return async (url, { method, headers, body }) => {
    const answer = await fetchOfKubeConfig(url, {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      body: body?.toString(),
    });
    return new Response(await answer.text(), { status: answer.status, headers: answer.headers });
  };
}
