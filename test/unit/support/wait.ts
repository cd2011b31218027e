/** Waits until the condition holds; fails with `what` after two seconds. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const end = performance.now() + 2_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Expected ${what}, which did not happen within 2 s`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The error that the promise rejects with; fails when it does not. */
export async function failureOf<E extends Error>(
  promise: Promise<unknown>,
  type: abstract new (...args: never[]) => E,
): Promise<E> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof type) return error;
    throw error;
  }
  throw new Error(`Expected ${type.name}, got no error`);
}
