/** A real Prometheus that scrapes what it is told every second. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ensureTools } from '../../cluster/build/builder.ts';
import { onExit } from '../../cluster/run/exit-hooks.ts';
import { freePorts } from '../../cluster/run/ports.ts';
import { eventually } from '../../integration/support/eventually.ts';
import { getText } from '../../integration/support/metrics-text.ts';

export interface PrometheusOptions {
  /** host:port */
  readonly targets: readonly string[];
  readonly ruleFiles: readonly string[];
}

/** One series: labels, and its samples from the oldest to the newest. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** Unix time in seconds, and the value. */
  readonly samples: readonly (readonly [number, number])[];
}

interface Result {
  readonly metric: Record<string, string>;
  readonly value?: [number, string];
  readonly values?: [number, string][];
}

export class Prometheus {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #forget: () => void;
  readonly #directory: string;

  private constructor(url: string, child: ChildProcess, directory: string) {
    this.url = url;
    this.#child = child;
    this.#directory = directory;
    this.#forget = onExit(() => child.kill('SIGKILL'));
  }

  /** Resolves when it answers. */
  static async start({ targets, ruleFiles }: PrometheusOptions): Promise<Prometheus> {
    const { prometheus: binary } = await ensureTools(['prometheus']);
    const directory = mkdtempSync(join(tmpdir(), 'zen-lead-prometheus-'));
    const config = join(directory, 'prometheus.yaml');
    // The scrape as the chart's monitors ask for it.
    const scrape = { job_name: 'zen-lead', honor_labels: true, static_configs: [{ targets }] };
    const global = { scrape_interval: '1s', evaluation_interval: '1s' };
    writeFileSync(config, stringify({ global, rule_files: ruleFiles, scrape_configs: [scrape] }));
    const [port = 0] = await freePorts(1);
    const address = `127.0.0.1:${String(port)}`;
    const flags = ['--web.listen-address', address, '--storage.tsdb.path', join(directory, 'data')];
    const child = spawn(binary, ['--config.file', config, ...flags, '--log.level', 'warn'], {
      cwd: directory,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const prometheus = new Prometheus(`http://${address}`, child, directory);
    await eventually(() => prometheus.get('/-/ready'), { timeout: 20_000, describe: 'Prometheus' });
    return prometheus;
  }

  /** @throws Error with what it answers to a query that it does not take */
  async query(expr: string): Promise<Series[]> {
    return this.#series('query', { query: expr });
  }

  /** The last so many seconds, a sample each second. */
  async range(expr: string, seconds: number): Promise<Series[]> {
    const end = Date.now() / 1000;
    return this.#series('query_range', {
      query: expr,
      start: String(end - seconds),
      end: String(end),
      step: '1',
    });
  }

  async get<T>(path: string): Promise<T | undefined> {
    const { status, body: text } = await getText(this.url + path);
    if (status !== 200) throw new Error(`${path}: ${String(status)} ${text}`);
    return path.startsWith('/api/') ? (JSON.parse(text) as { data: T }).data : undefined;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    await ended;
    this.#forget();
    rmSync(this.#directory, { recursive: true });
  }

  async #series(what: string, parameters: Record<string, string>): Promise<Series[]> {
    const path = `/api/v1/${what}?${String(new URLSearchParams(parameters))}`;
    const data = await this.get<{ result: Result[] }>(path);
    return (data?.result ?? []).map(({ metric, value, values }) => ({
      metric,
      samples: (values ?? (value === undefined ? [] : [value])).map(
        ([at, text]) => [at, Number(text)] as const,
      ),
    }));
  }
}
