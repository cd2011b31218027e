import { namespace, type Namespace } from './namespace.ts';
import { startOperator, type OperatorOptions, type OperatorProcess } from './operator-process.ts';

export interface Stage {
  readonly ns: Namespace;
  readonly operator: OperatorProcess;
}

/**
 * For the body of a describe: one namespace, and one operator that looks after it, for all of its tests. The tests keep
 * apart by the names of their Services.
 */
export function withOperator(prefix: string, options: Partial<OperatorOptions> = {}): Stage {
  let ns: Namespace | undefined;
  let operator: OperatorProcess | undefined;

  before(async function () {
    this.timeout(20_000);
    ns = await namespace(prefix);
    operator = await startOperator({ namespaces: [ns.name], ...options });
    await operator.ready();
  });

  after(async () => {
    await operator?.stop();
  });

  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('Expected to be asked within a test');
    return value;
  };
  return {
    get ns() {
      return there(ns);
    },
    get operator() {
      return there(operator);
    },
  };
}
