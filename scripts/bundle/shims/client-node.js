/* eslint @typescript-eslint/explicit-module-boundary-types: off, @typescript-eslint/no-extraneous-class: off */
// @kubernetes/client-node without its 600 generated models and API classes: authentication, and what the framework asks for.
import { load } from 'js-yaml';

export { KubeConfig } from '@kubernetes/client-node/dist/config.js';

/** For kubeconfig files; the package's own also turns known kinds into model classes. */
export function loadYaml(text) {
  const value = load(text);
  if (!value) throw new Error('Failed to load YAML');
  return value;
}

// The framework's constructor makes a client of this class; nothing calls it.
export class CoreV1Api {}
