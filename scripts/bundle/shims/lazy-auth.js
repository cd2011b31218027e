/* eslint @typescript-eslint/explicit-module-boundary-types: off, @typescript-eslint/no-require-imports: off */
// What KubeConfig needs for a few users only. In here it is loaded with the first of them.
export const JSONPath = (options) => require('jsonpath-plus').JSONPath(options);
