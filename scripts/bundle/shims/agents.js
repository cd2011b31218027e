/* eslint @typescript-eslint/no-extraneous-class: off */
// KubeConfig makes one of these where the cluster has a proxy-url. Nobody asks it for anything: the connections are
// undici's, and so is the way through the proxy.
export class HttpProxyAgent {}

export class HttpsProxyAgent {}

export class SocksProxyAgent {}

export const SocksClient = {};
