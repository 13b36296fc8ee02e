import { CommandError, ExitCode, type FailureCode } from '../program/exit-codes';

/** Status of an answer of Kong. @see https://github.com/Kong/go-kong/blob/v0.77.0/kong/error.go */
const STATUS = /HTTP status (\d{3})/;

/** Failures of the connection, which have no status. */
const NO_ANSWER = /connection (refused|reset)|time(d )?out|deadline exceeded|\bEOF\b|no such host/i;

/** What decK prints before a cause. */
const PREFIXES = /^(Error: |\d+ errors? occurred:|while processing event: )+/;

/** The failure of a request that decK repeated: only requests that exceed the limit are. */
const REPEATED = /making HTTP request: \w+ "[^"]*": \w+ \S+ giving up after (\d+) attempt\(s\)$/;
/** What decK prints before the reason for a request without an answer: its address, up to three times. */
const UNANSWERED =
  /making HTTP request: (?:\w+ "[^"]*": )?(?:\w+ \S+ giving up after \d+ attempt\(s\): )?(?:\w+ "[^"]*": )?/;

/** What to do about each class of failure. */
const REMEDIES: Readonly<Partial<Record<FailureCode, string>>> = {
  [ExitCode.notAllowed]:
    'set KONNECT_CONFIG_TOKEN or KONNECT_TOKEN to a valid token, or give it the roles that `ollama-eks konnect accounts` shows, and run the command again',
  [ExitCode.timeout]: 'run the command again to resume',
  [ExitCode.usage]: 'correct the file and run the command again',
};

/** What decK was called with, and its errors must not show. */
export interface DeckSecrets {
  /** Path of the temporary state file. */
  readonly file: string;
  readonly keys: readonly string[];
}

/** Failure of decK: each cause once, with the exit code of a request that fails in the same way. */
export class DeckError extends CommandError {
  /**
   * @param doing what decK did not finish
   * @param output what decK printed
   * @param otherwise exit code of causes that have no status
   */
  public constructor(doing: string, output: string, otherwise: FailureCode, secrets?: DeckSecrets) {
    const causes = causesIn(output).map((cause) => (secrets === undefined ? cause : withoutSecrets(cause, secrets)));
    const exitCode = classify(causes.join('\n')) ?? otherwise;
    super(exitCode, `${doing}: ${causes.length === 0 ? 'decK gave no reason' : causes.join('; ')}`, {
      remedy: REMEDIES[exitCode] ?? 'fix that, and run the command again',
    });
    this.name = 'DeckError';
  }
}

/** Hides the end of a key, by which decK names a credential: `abcde for consumer team-a`. */
export function withoutKeyEnd(name: string): string {
  return name.replace(/^\S{1,5}(?= for consumer )/, '*****');
}

/** Returns the causes, each once: decK repeats one for every worker. */
function causesIn(output: string): string[] {
  const lines = output.split('\n').map((line) => withoutAddress(line.trim().replace(PREFIXES, '').trim()));
  return [...new Set(lines.filter((line) => line !== ''))];
}

/** Shortens the failure of a request to its reason. */
function withoutAddress(cause: string): string {
  return cause.replace(REPEATED, 'HTTP status 429 after $1 attempts').replace(UNANSWERED, 'no answer: ');
}

/** Hides keys, the last five characters of which decK prints, and the path of a file that no longer exists. */
function withoutSecrets(text: string, { file, keys }: DeckSecrets): string {
  const endings = keys.map((key) => key.slice(-5)).filter((ending) => ending.length === 5);
  const withoutKeys = keys.reduce((shown, key) => shown.replaceAll(key, '***'), text.replaceAll(file, 'the file'));
  return withoutKeys.replace(/[\w-]+/g, (word) => (endings.includes(word) ? '*****' : word));
}

function classify(causes: string): FailureCode | undefined {
  const status = Number(STATUS.exec(causes)?.[1] ?? 0);
  if (status === 401 || status === 403) return ExitCode.notAllowed;
  if (status === 408 || status === 429 || status >= 500) return ExitCode.timeout;
  if (status === 400) return ExitCode.usage;
  if (status > 0) return ExitCode.failedState;
  return NO_ANSWER.test(causes) ? ExitCode.timeout : undefined;
}
