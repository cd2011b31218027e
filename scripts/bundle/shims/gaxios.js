/* eslint @typescript-eslint/explicit-module-boundary-types: off */
// For helpers of the framework that are not used: they swallow errors.
export const instance = {
  request() {
    throw new Error('gaxios is not part of this bundle');
  },
};
