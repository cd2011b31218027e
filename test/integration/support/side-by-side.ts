/**
 * For the body of a describe, where scenarios mostly wait: all begin with the first test and run at once, and each is a test
 * of its own. They keep apart by the names of their Services.
 */
export function sideBySide(scenarios: Readonly<Record<string, () => Promise<void>>>, timeout = 15_000): void {
  let running: Map<string, Promise<void>> | undefined;
  const begin = (): Map<string, Promise<void>> => {
    running ??= new Map(
      Object.entries(scenarios).map(([title, scenario]) => {
        const outcome = scenario();
        // Its own test tells of a failure; until then it is nobody's.
        outcome.catch(() => undefined);
        return [title, outcome];
      }),
    );
    return running;
  };
  for (const title of Object.keys(scenarios)) {
    it(title, async function () {
      this.timeout(timeout);
      await begin().get(title);
    });
  }
}
