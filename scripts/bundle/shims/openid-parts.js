// Of openid-client what KubeConfig uses. Required as it is, it would come whole, and bring the cryptography of jose.
export { customFetch, discovery, refreshTokenGrant } from 'openid-client';
