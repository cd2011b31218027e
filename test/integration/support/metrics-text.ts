import { get } from 'node:http';

/** A GET over plain HTTP, on a connection of its own. */
export async function getText(url: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = get(url, { agent: false, timeout: 5_000 }, (incoming) => {
      let body = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => (body += chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        resolve({ status: incoming.statusCode ?? 0, body });
      });
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error(`GET ${url}: no answer in time`)));
    outgoing.once('error', reject);
  });
}

export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** What /metrics answered, in Prometheus' text format. */
export class MetricsText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** All samples of a name that carry these labels. */
  samples(name: string, labels: Readonly<Record<string, string>> = {}): Sample[] {
    return this.text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .map(parse)
      .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value));
  }

  /** The one sample that matches; undefined: there is none. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const found = this.samples(name, labels);
    if (found.length > 1) throw new Error(`Expected one sample of ${name}, got ${found.length}`);
    return found[0]?.value;
  }
}

function parse(line: string): Sample {
  const [, list = '', value = ''] = /^\w+(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
  const labels = [...list.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, text]) => [name, text]);
  return { labels: Object.fromEntries(labels) as Record<string, string>, value: Number(value) };
}
