// What the kubectl plugin prints YAML with. The operator only reads it: a writer would be 18 KB more in its bundle.
export { dump as dumpYaml } from 'js-yaml';
