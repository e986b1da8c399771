/** What a command writes where: results on standard output, everything else on standard error. */

export type Streams = {
  stdout(text: string): void;
  stderr(text: string): void;
  /** True where a line on standard error can be rewritten in place. */
  readonly isLive: boolean;
  /** Width of standard error in characters. */
  readonly columns: number;
};

export type TerminalMode = { readonly isJson: boolean; readonly isQuiet: boolean };

export type Terminal = {
  /** A result for people. Nothing with --json: the one object comes at the end. */
  print(text: string): void;
  /** News while it works. Nothing with --quiet. */
  note(sentence: string): void;
  /** What must be known whatever the mode. */
  warn(sentence: string): void;
  /** The present state of what goes on; `isMilestone` for what deserves a line of its own where lines cannot be rewritten. */
  progress(line: string, isMilestone: boolean): void;
};

/** Without a live line, news of the same kind come at most this often. */
const PLAIN_INTERVAL_MS = 10_000;

export function createTerminal(streams: Streams, mode: TerminalMode, nowMs: () => number = () => Date.now()): Terminal {
  let hasLiveLine = false;
  let lastPlainMs = -Infinity;
  let lastPlain = "";
  const clear = (): string => {
    if (!hasLiveLine) return "";
    hasLiveLine = false;
    return "\r\u001b[K";
  };
  return {
    print: (text) => {
      if (mode.isJson) return;
      const clearing = clear();
      if (clearing !== "") streams.stderr(clearing);
      streams.stdout(`${text}\n`);
    },
    note: (sentence) => {
      if (!mode.isQuiet) streams.stderr(`${clear()}${sentence}\n`);
    },
    warn: (sentence) => {
      streams.stderr(`${clear()}${sentence}\n`);
    },
    progress: (line, isMilestone) => {
      if (mode.isQuiet) return;
      if (streams.isLive && !isMilestone) {
        streams.stderr(`\r\u001b[K${line.slice(0, Math.max(20, streams.columns - 1))}`);
        hasLiveLine = true;
        return;
      }
      if (line === lastPlain || (!isMilestone && nowMs() - lastPlainMs < PLAIN_INTERVAL_MS)) return;
      lastPlainMs = nowMs();
      lastPlain = line;
      streams.stderr(`${clear()}${line}\n`);
    },
  };
}
