/** What the logs of a server's pod say about its start. */

/** Times in milliseconds since 1970, and durations in seconds; undefined for what is not in the logs. */
export interface LoggedStart {
  /** When every model was loaded and had answered. */
  readonly answered?: number;
  readonly pullSeconds?: number;
  readonly loadSeconds?: number;
  /** Whether a Job pulled models while the server waited for them. */
  readonly isPulledByJob: boolean;
}

/** A line of the sidecar: `2026-11-29T01:03:17Z pulling llama3.1:8b`. */
const SIDECAR = /^(?<time>\d{4}-\d\d-\d\dT[\d:]+Z) (?<message>.*)$/;
/** A line of Ollama: `time=2026-11-29T01:03:17.272Z level=INFO source=llama_server.go:433 msg="starting llama-server" …`. */
const SERVER = /^time=(?<time>\S+) .*msg="(?<message>starting llama-server|llama-server started in [\d.]+ seconds)"/;

/** Lines of the server's script. */
const ANSWERED = 'every model is loaded and has answered';
const AWAITED = 'error[pull-awaited]';
const PULLING = /^pulling (?<model>\S+)$/;
const PULLED = /^pulled (?<model>\S+) with digest /;

interface Line {
  readonly time: number;
  readonly message: string;
}

/** Reads the logs of the sidecar and of the server, each from its first line. Later loads and pulls are not part of the start. */
export function readStart(sidecar: string, server: string): LoggedStart {
  const lines = linesOf(sidecar, SIDECAR);
  const end = lines.findIndex(({ message }) => message === ANSWERED);
  const start = end < 0 ? lines : lines.slice(0, end + 1);
  const isPulledByJob = start.some(({ message }) => message.startsWith(AWAITED));
  const answered = start.at(end)?.time;
  if (end < 0 || answered === undefined) return { isPulledByJob };
  const loadSeconds = loadOf(linesOf(server, SERVER).filter(({ time }) => time <= answered + SECOND));
  return {
    answered,
    isPulledByJob,
    ...(!isPulledByJob && { pullSeconds: pullOf(start) }),
    ...(loadSeconds !== undefined && { loadSeconds }),
  };
}

/** The sidecar logs whole seconds. */
const SECOND = 1000;

/** A pull that fails is tried again, which is logged again. */
function pullOf(lines: readonly Line[]): number {
  const since = new Map<string, number>();
  let sum = 0;
  for (const { time, message } of lines) {
    const { model: pulling } = PULLING.exec(message)?.groups ?? {};
    const { model: pulled } = PULLED.exec(message)?.groups ?? {};
    if (pulling !== undefined && !since.has(pulling)) since.set(pulling, time);
    if (pulled !== undefined) sum += time - (since.get(pulled) ?? time);
  }
  return sum / SECOND;
}

/** Ollama logs the end of each load twice. Undefined if no load has ended. */
function loadOf(lines: readonly Line[]): number | undefined {
  let since: number | undefined;
  let sum: number | undefined;
  for (const { time, message } of lines) {
    if (message === 'starting llama-server') {
      since = time;
    } else if (since !== undefined) {
      sum = (sum ?? 0) + time - since;
      since = undefined;
    }
  }
  return sum === undefined ? undefined : sum / SECOND;
}

function linesOf(log: string, form: RegExp): readonly Line[] {
  return log.split('\n').flatMap((line) => {
    const { time = '', message = '' } = form.exec(line)?.groups ?? {};
    const at = Date.parse(time);
    return Number.isNaN(at) ? [] : [{ time: at, message }];
  });
}
