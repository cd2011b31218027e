/** What a test starts in this process and a failing test does not end: it would keep mocha from ending. */
const leftovers: (() => Promise<void>)[] = [];

/** Has it ended after the last test, too. `end` may be called a second time. */
export function endAtLast(end: () => Promise<void>): void {
  leftovers.push(end);
}

export async function endLeftovers(): Promise<void> {
  await Promise.all(leftovers.splice(0).map((end) => end()));
}
