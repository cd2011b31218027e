export interface Step {
  /** Called for each line that the running command prints. */
  onLine: (line: string) => void;
  /** `result`, for instance "done", ends the line. */
  end: (result: string) => void;
}

export interface Progress {
  /** One line that does not change. */
  note: (line: string) => void;
  /** Starts a line whose elapsed time is kept visible until it ends. */
  begin: (title: string) => Step;
}

const TERMINAL_PERIOD_MS = 1_000;
/** A log file or CI shall show life, not a flood. */
const LOG_PERIOD_MS = 15_000;

/** Progress of a long build on a stream, on standard error unless told otherwise. */
export function progressOn(stream: NodeJS.WritableStream & { isTTY?: boolean } = process.stderr): Progress {
  const terminal = stream.isTTY === true;
  const write = (line: string, final: boolean): void => {
    stream.write(terminal ? `\r\x1b[K${line}${final ? '\n' : ''}` : `${line}\n`);
  };
  return {
    note: (line) => {
      write(line, true);
    },
    begin: (title) => {
      const started = performance.now();
      let packages = 0;
      const show = (state: string, final: boolean): void => {
        const seconds = Math.round((performance.now() - started) / 1000);
        const compiled = packages === 0 ? '' : `, ${String(packages)} packages compiled`;
        write(`${title}: ${state}${String(seconds)} s${compiled}`, final);
      };
      show('', false);
      const timer = setInterval(
        () => {
          show('', false);
        },
        terminal ? TERMINAL_PERIOD_MS : LOG_PERIOD_MS,
      );
      return {
        // `go build -v` names each package that it compiles; downloads and warnings start with "go:" or "#".
        onLine: (line) => {
          if (/^[\w.]+(\/|$)/.test(line)) packages += 1;
        },
        end: (result) => {
          clearInterval(timer);
          show(`${result}, `, true);
        },
      };
    },
  };
}
