import fc from 'fast-check';
import { Masker } from '../../src/program/masker';
import { Reporter } from '../../src/program/reporter';
import { course, runSteps, StepFailure, type Step } from '../../src/program/steps';

const silent = () => new Reporter({ out: { write: () => true }, err: { write: () => true } }, new Masker());

interface Log {
  readonly lines: string[];
}

const step = (id: string, needs: readonly string[] = [], minutes = 1, run?: () => Promise<string>): Step<Log> => ({
  id,
  title: id,
  minutes,
  needs,
  run: async (log) => {
    log.lines.push(`${id} start`);
    const outcome = await (run?.() ?? Promise.resolve('ok'));
    log.lines.push(`${id} end`);
    return outcome;
  },
});

const run = (steps: readonly Step<Log>[], log: Log, signal = new AbortController().signal) =>
  runSteps(steps, log, silent(), signal);

test('independent steps run beside each other and a step waits for what it needs', async () => {
  const log: Log = { lines: [] };
  await run([step('c', ['a', 'b']), step('a'), step('b')], log);
  expect(log.lines.slice(0, 2)).toEqual(['a start', 'b start']);
  expect(log.lines.slice(-2)).toEqual(['c start', 'c end']);
});

test('a failure lets running steps end, starts no other, and tells what did not start', async () => {
  const log: Log = { lines: [] };
  const slow = () => new Promise<string>((resolve) => setTimeout(() => resolve('ok'), 5));
  const failing = () => Promise.reject(new Error('quota is 0'));
  const steps = [
    step('slow', [], 1, slow),
    step('bad', [], 1, failing),
    step('after', ['bad']),
    step('late', ['slow']),
  ];
  const failure = await run(steps, log).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(StepFailure);
  expect((failure as StepFailure).message).toBe('bad: quota is 0');
  expect((failure as StepFailure).notStarted).toEqual(['after', 'late']);
  expect(log.lines).toEqual(['slow start', 'bad start', 'slow end']);
});

test('an interrupt starts nothing more and is thrown', async () => {
  const log: Log = { lines: [] };
  const interrupt = new AbortController();
  const first = step('first', [], 1, () => {
    interrupt.abort(new Error('interrupted'));
    return Promise.resolve('ok');
  });
  await expect(run([first, step('second', ['first'])], log, interrupt.signal)).rejects.toThrow('interrupted');
  expect(log.lines).toEqual(['first start', 'first end']);
});

test('the course is the critical path, not the sum', () => {
  const planned = course([step('a', [], 30), step('b', [], 20), step('c', ['a', 'b'], 5)]);
  expect(planned.minutes).toBe(35);
  expect(planned.sequentialMinutes).toBe(55);
  expect(planned.steps.find(({ id }) => id === 'c')).toMatchObject({ from: 30, to: 35 });
});

test('steps that need each other, or what is not there, are refused', () => {
  expect(() => course([step('a', ['b']), step('b', ['a'])])).toThrow('steps need each other: a → b → a');
  expect(() => course([step('a', ['z'])])).toThrow('step a needs z, which is not among the steps');
});

test('whatever the graph, every step ends after what it needs', async () => {
  const graph = fc.array(fc.array(fc.nat(6), { maxLength: 3 }), { minLength: 1, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(graph, async (needs) => {
      const log: Log = { lines: [] };
      const steps = needs.map((ids, index) =>
        step(
          `s${String(index)}`,
          [...new Set(ids.filter((id) => id < index))].map((id) => `s${String(id)}`),
        ),
      );
      await run([...steps].reverse(), log);
      for (const { id, needs: wanted } of steps) {
        for (const need of wanted)
          expect(log.lines.indexOf(`${need} end`)).toBeLessThan(log.lines.indexOf(`${id} start`));
      }
    }),
    { seed: 7, numRuns: 50 },
  );
});
