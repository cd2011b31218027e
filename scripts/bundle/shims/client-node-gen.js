/* eslint @typescript-eslint/explicit-module-boundary-types: off, @typescript-eslint/no-extraneous-class: off */
// For KubeConfig.makeApiClient, which the framework's constructor calls.
export const createConfiguration = (configuration) => configuration;

export class ServerConfiguration {
  constructor(url) {
    this.url = url;
  }
}
