/** Flags that every command has. */
import { Option } from 'commander';
import type { Command } from './commands.ts';
import { FORMATS } from './terminal.ts';

export function commonOptions({ name, prints }: Pick<Command, 'name' | 'prints'>): readonly Option[] {
  const formats =
    name === 'list' || name === 'status' || name === 'explain' || name === 'history'
      ? FORMATS
      : (['json', 'yaml'] as const);
  return [
    new Option('-n, --namespace <namespace>', 'the namespace (default: that of the context)'),
    ...(prints ? [new Option('-o, --output <format>', 'instead of text').choices(formats)] : []),
    new Option('--context <name>', 'a context of the kubeconfig'),
    new Option('--kubeconfig <file>', 'the kubeconfig (default: as kubectl)'),
  ];
}
