/**
 * Leaves out what the operator never runs. The framework requires the whole of client-node, which defeats tree-shaking: 19 MB
 * of bundle, of which every byte is read and much is compiled at each start.
 */
import { builtinModules } from 'node:module';
import { join, sep } from 'node:path';
import type { Plugin } from 'esbuild';

const SHIMS = join(import.meta.dirname, 'shims') + sep;

/** For any importer, or only for those whose path contains `from`. */
interface Rule {
  readonly shim: string;
  readonly from?: string;
}

const BUILTIN = new RegExp(`^(node:)?(${builtinModules.join('|')})$`);

const CLIENT_NODE = join('@kubernetes', 'client-node', 'dist', sep);
const FRAMEWORK = join('@dot-i', 'k8s-operator', sep);
const WINSTON = join('winston', 'lib', 'winston', sep);
const PLUGIN = join('src', 'plugin', sep);

const RULES: Readonly<Record<string, Rule>> = {
  '@kubernetes/client-node': { shim: 'client-node.js' },
  undici: { shim: 'undici.js' },
  winston: { shim: 'winston.js' },
  'prom-client': { shim: 'prom-client.js' },
  async: { shim: 'async.js', from: FRAMEWORK },
  gaxios: { shim: 'gaxios.js', from: FRAMEWORK },
  './gen/index.js': { shim: 'client-node-gen.js', from: CLIENT_NODE },
  'openid-client': { shim: 'openid-client.js', from: CLIENT_NODE },
  'jsonpath-plus': { shim: 'lazy-auth.js', from: CLIENT_NODE },
  hpagent: { shim: 'agents.js', from: CLIENT_NODE },
  'socks-proxy-agent': { shim: 'agents.js', from: CLIENT_NODE },
  socks: { shim: 'agents.js', from: CLIENT_NODE },
  './config': { shim: 'winston-config.js', from: WINSTON },
};
/** Before those, what the kubectl plugin's own code asks for. */
const PLUGIN_RULES: Readonly<Record<string, Rule>> = {
  '@kubernetes/client-node': { shim: 'client-node-plugin.js', from: PLUGIN },
};
/** Small CommonJS modules in place of others: neither can be written as an ES module. */
const COMMONJS: Readonly<Record<string, string>> = {
  // Debug output of winston itself.
  '@dabh/diagnostics': 'module.exports = () => () => {};',
  // For exceptions that winston catches where it is told to, which we do not.
  'stack-trace': 'exports.parse = () => [];',
  // HTTP/2, which none but an https:// proxy may choose; node:http2 alone takes 6 MB.
  './client-h2.js': "module.exports = (...args) => require('undici/lib/dispatcher/client-h2.js')(...args);",
  // Request bodies of fetch, which are looked into for a FormData only: ours are text.
  '../web/fetch/body.js':
    "exports.extractBody = () => { throw new TypeError('FormData is not part of this bundle'); };",
  '../web/fetch/formdata': '',
  '../web/webidl': 'exports.webidl = { is: { FormData: () => false } };',
};

function shimFor(rules: Readonly<Record<string, Rule>>, path: string, importer: string): string | undefined {
  const rule = Object.hasOwn(rules, path) ? rules[path] : undefined;
  return rule?.from === undefined || importer.includes(rule.from) ? rule?.shim : undefined;
}

export function lean(): Plugin {
  return {
    name: 'lean',
    setup(build) {
      build.onResolve({ filter: /^[@\w]|^\.\.?\// }, ({ path, importer }) => {
        if (importer.startsWith(SHIMS)) return undefined;
        if (Object.hasOwn(COMMONJS, path)) return { path, namespace: 'lean', pluginData: COMMONJS[path] };
        const shim = shimFor(PLUGIN_RULES, path, importer) ?? shimFor(RULES, path, importer);
        return shim === undefined ? undefined : { path: join(SHIMS, shim) };
      });
      // To import Node's own modules reads all that they export, and node:http exports the whole of fetch and WebSocket:
      // 12 MB. To require them does not.
      build.onResolve({ filter: BUILTIN }, ({ path, kind }) =>
        kind === 'import-statement'
          ? { path, namespace: 'lean', pluginData: `module.exports = require('${path}');` }
          : undefined,
      );
      build.onLoad({ filter: /./, namespace: 'lean' }, ({ pluginData }) => ({
        contents: String(pluginData),
        resolveDir: SHIMS,
      }));
    },
  };
}
