import type { IncomingMessage, ServerResponse } from 'node:http';

/** One answer on its way through a proxy, chunk by chunk, that can be stopped and let go on. */
export class Exchange {
  /** Path with query of the request. */
  readonly path: string;
  readonly #from: IncomingMessage;
  readonly #to: ServerResponse;
  readonly #held: (() => void)[] = [];
  #frozen = false;

  constructor(path: string, from: IncomingMessage, to: ServerResponse, onClose: () => void) {
    this.path = path;
    this.#from = from;
    this.#to = to;
    from.on('data', (chunk: Buffer) => {
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => {
      if (!this.#frozen) from.resume();
    });
    from.on('end', () => {
      this.#tell(() => to.end());
    });
    // 'close' follows, and is all that can be passed on.
    from.on('error', () => undefined);
    from.on('close', () => {
      if (!from.complete) this.#tell(() => to.destroy());
    });
    to.on('close', onClose);
  }

  /** From now on the receiver hears nothing: no data, and not of the end either. */
  freeze(): void {
    this.#frozen = true;
    this.#from.pause();
  }

  thaw(): void {
    this.#frozen = false;
    this.#from.resume();
    for (const event of this.#held.splice(0)) event();
  }

  destroy(): void {
    this.#to.destroy();
  }

  /** A paused stream without data still says that it has ended: while frozen, that is kept. */
  #tell(event: () => void): void {
    if (this.#frozen) this.#held.push(event);
    else event();
  }
}
