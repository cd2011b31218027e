import type { RealNode } from './node.ts';

const running = new Set<RealNode>();

/** The nodes of this process. */
export function runningNodes(): readonly RealNode[] {
  return [...running];
}

/** @returns the way to take it back */
export function isRunning(node: RealNode): () => void {
  running.add(node);
  return () => running.delete(node);
}
