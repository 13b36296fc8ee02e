import { FAULT_EFFECTS, type FaultName } from '../../../test/emulators/konnect';
import { CommandError, ExitCode, exitCodeOf } from '../../src/program/exit-codes';
import { bringDown, bringUp, change, copyOf, FAULT_NAMES, newRig, SHORT, thrownBy, TOKEN, type Rig } from './rig';

/** Timeout for hundreds of deployments on a busy machine. */
jest.setTimeout(60_000);

/** Virtual time costs nothing, but every read does, so each state lasts less than one interval. */
const QUICK = Object.fromEntries(Object.keys(SHORT).map((name) => [name, 5])) as unknown as typeof SHORT;

/** Possible exit codes after each single fault. 0: the work was done anyway. */
const ONCE: Readonly<Record<FaultName, readonly ('done' | ExitCode)[]>> = {
  rateLimitedSeconds: ['done'],
  rateLimitedDate: ['done'],
  rateLimitedBare: ['done'],
  serverError: ['done'],
  badGateway: ['done'],
  unavailable: ['done'],
  gatewayTimeout: ['done'],
  droppedBefore: ['done'],
  droppedAfter: ['done'],
  slow: ['done'],
  notJson: ['done'],
  nullAnswer: ['done'],
  emptyAnswer: ['done'],
  otherObject: ['done'],
  tooLarge: ['done', ExitCode.failedState], // done: the outcome of a write is read again
  unauthorized: [ExitCode.notAllowed],
  forbidden: [ExitCode.notAllowed],
  quotaExceeded: [ExitCode.quota],
  invalid: [ExitCode.usage],
  identical: ['done', ExitCode.failedState],
  notFinished: ['done', ExitCode.usage],
};

/** Temporary faults. If they persist, the run must end at its deadline. */
const FOREVER: readonly FaultName[] = ['serverError', 'droppedBefore'];

/** Wrong answers, which must end the run as soon as they persist. */
const WRONG: readonly FaultName[] = ['notJson', 'nullAnswer', 'emptyAnswer', 'otherObject', 'tooLarge'];

/** Answers that are not wrong for a DELETE, which reads none. */
const FINE_FOR_DELETE: readonly FaultName[] = ['nullAnswer', 'emptyAnswer', 'otherObject', 'tooLarge'];

/** A message contains the name of the object and a remedy. */
const OBJECT =
  /"(ollama-eks|internal|ollama-eks-sync|ci)"|of network [0-9a-f-]{36}|Konnect token|provider accounts|availability|quotas|count networks/;
const REMEDY = /run the command again|set KONNECT_TOKEN|konnect accounts|correct the value|ask Kong|konnect status/;

interface Scenario {
  readonly name: string;
  readonly prepare: (rig: Rig) => Promise<unknown>;
  readonly work: (rig: Rig) => Promise<unknown>;
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'up', prepare: () => Promise.resolve(), work: (rig) => bringUp(rig) },
  { name: 'to a change', prepare: (rig) => bringUp(rig), work: (rig) => change(rig) },
  { name: 'down', prepare: (rig) => bringUp(rig), work: (rig) => bringDown(rig) },
];

/** Calls of earlier scenarios. */
const seen = new Set<string>();

describe.each(SCENARIOS)('each call × each fault, on the way $name', ({ name, prepare, work }) => {
  const counts = new Map<string, number>();
  let calls: readonly (readonly [method: string, route: string])[] = [];
  let wanted: unknown;
  const prepared = newRig(QUICK);

  beforeAll(async () => {
    await prepare(prepared);
    const rig = copyOf(prepared);
    await work(rig);
    wanted = rig.konnect.snapshot();
    // Reads behave as in an earlier scenario, but writes may not.
    const fresh = rig.konnect.journal.filter(({ method, route, wrote }) => wrote || !seen.has(`${method} ${route}`));
    const keys = new Set(fresh.map(({ method, route }) => `${method} ${route}`));
    for (const key of keys) seen.add(key);
    calls = [...keys].map((key) => key.split(' ') as [string, string]);
  });

  afterAll(() => {
    const table = [...counts].sort().map(([outcome, count]) => `${outcome} ${String(count)}`);
    process.stdout.write(`fault matrix, ${name}: ${String(calls.length)} calls; ${table.join(', ')}\n`);
  });

  const callsWith = (fault: FaultName): typeof calls =>
    calls.filter(([method]) => method !== 'DELETE' || !FINE_FOR_DELETE.includes(fault));

  /** Runs with a fault, then without. Returns the exit code of the first run. */
  async function suffer(fault: FaultName, method: string, route: string, times: number): Promise<'done' | ExitCode> {
    const rig = copyOf(prepared);
    rig.konnect.faults.add({ method, route, times, effect: FAULT_EFFECTS[fault] });
    const error = await thrownBy(work(rig));
    const cell = `${fault} on ${method} ${route}`;
    rig.konnect.faults.clear();
    if (error !== undefined) {
      expect(error).toBeInstanceOf(CommandError);
      const { message } = error as CommandError;
      expect({ cell, message }).toEqual({ cell, message: expect.stringMatching(OBJECT) as string });
      expect({ cell, message }).toEqual({ cell, message: expect.stringMatching(REMEDY) as string });
      await work(rig);
    }
    expect({ cell, state: rig.konnect.snapshot(), misses: rig.konnect.contract.misses }).toEqual({
      cell,
      state: wanted,
      misses: [],
    });
    expect([String(error), ...rig.said].join('\n')).not.toContain(TOKEN.slice(5));
    const outcome = error === undefined ? 'done' : exitCodeOf(error);
    const column = outcome === 'done' ? 'done' : `exit ${String(outcome)}`;
    counts.set(column, (counts.get(column) ?? 0) + 1);
    return outcome;
  }

  it.each(FAULT_NAMES)('%s, once', async (fault) => {
    for (const [method, route] of callsWith(fault)) {
      const outcome = await suffer(fault, method, route, 1);
      expect({ route, outcome }).toEqual({ route, outcome: ONCE[fault].includes(outcome) ? outcome : ONCE[fault] });
    }
  });

  it.each([...FOREVER, ...WRONG])('%s, forever', async (fault) => {
    const wanted = FOREVER.includes(fault) ? ExitCode.timeout : ExitCode.failedState;
    for (const [method, route] of callsWith(fault)) {
      const outcome = await suffer(fault, method, route, Infinity);
      expect({ route, outcome }).toEqual({ route, outcome: wanted });
    }
  });
});
