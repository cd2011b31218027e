/* eslint @typescript-eslint/explicit-module-boundary-types: off, @typescript-eslint/no-require-imports: off, @typescript-eslint/no-extraneous-class: off */
// What KubeConfig needs for a few users only. In here it is loaded with the first of them.
export const JSONPath = (options) => require('jsonpath-plus').JSONPath(options);

export class HttpProxyAgent {
  constructor(options) {
    return new (require('hpagent').HttpProxyAgent)(options);
  }
}

export class HttpsProxyAgent {
  constructor(options) {
    return new (require('hpagent').HttpsProxyAgent)(options);
  }
}

export class SocksProxyAgent {
  constructor(uri, options) {
    return new (require('socks-proxy-agent').SocksProxyAgent)(uri, options);
  }
}

export const SocksClient = {
  createConnection: (options, callback) => require('socks').SocksClient.createConnection(options, callback),
};
