import { ApiError } from '../../src/errors.ts';
import type { Call } from '../../src/kube/client.ts';

/** An API server of which only the answers are there, given in order; after the last it answers with an empty object. */
export class FakeClient {
  readonly calls: Call[] = [];
  readonly #answers: unknown[];

  /** An Error is thrown, a promise is waited for. */
  constructor(...answers: unknown[]) {
    this.#answers = answers;
  }

  /** As `verb path`. */
  get said(): string[] {
    return this.calls.map(({ verb, path }) => `${verb} ${path}`);
  }

  answer(...answers: unknown[]): this {
    this.#answers.push(...answers);
    return this;
  }

  async call<T>(call: Call): Promise<T> {
    this.calls.push(call);
    const answer: unknown = await (this.#answers.length === 0 ? {} : this.#answers.shift());
    if (answer instanceof Error) throw answer;
    return answer as T;
  }
}

export function apiError(status: number, reason: string, more: Partial<ApiError> = {}): ApiError {
  return new ApiError({ status, reason, message: `${status} ${reason}`, ...more });
}
