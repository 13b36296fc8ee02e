import fc from 'fast-check';
import { CommandError, ExitCode } from '../../src/program/exit-codes';
import { Masker } from '../../src/program/masker';
import { Reporter } from '../../src/program/reporter';
import { course, Results, runSteps, step, StepFailure, type Done, type Step } from '../../src/program/steps';

const silent = () => new Reporter({ out: { write: () => true }, err: { write: () => true } }, new Masker());

/** A step that records its start and end, with its ID as its result. */
const noted = (
  lines: string[],
  id: string,
  needs: readonly Step<string>[] = [],
  { minutes = 1, run = () => Promise.resolve('ok') }: { minutes?: number; run?: () => Promise<string> } = {},
): Step<string> =>
  step({
    id,
    title: id,
    minutes,
    needs: Object.fromEntries(needs.map((need) => [need.id, need])),
    run: async (given) => {
      expect(given).toEqual(Object.fromEntries(needs.map((need) => [need.id, need.id])));
      lines.push(`${id} start`);
      const outcome = await run();
      lines.push(`${id} end`);
      return { outcome, result: id };
    },
  });

const run = (steps: readonly Step[], signal = new AbortController().signal, results = new Results()) =>
  runSteps({ reporter: silent(), signal }, steps, results);

test('independent steps run in parallel, and a step receives the results that it needs', async () => {
  const lines: string[] = [];
  const [a, b] = [noted(lines, 'a'), noted(lines, 'b')];
  const c = noted(lines, 'c', [a, b]);
  const results = new Results();
  await run([c, a, b], undefined, results);
  expect(lines.slice(0, 2)).toEqual(['a start', 'b start']);
  expect(lines.slice(-2)).toEqual(['c start', 'c end']);
  expect([a, b, c].map((one) => results.get(one))).toEqual(['a', 'b', 'c']);
});

test('after a failure, running steps finish, no other step starts, and the error lists the rest', async () => {
  const lines: string[] = [];
  const results = new Results();
  const slow = noted(lines, 'slow', [], { run: () => new Promise((resolve) => setTimeout(() => resolve('ok'), 5)) });
  const bad = noted(lines, 'bad', [], { run: () => Promise.reject(new CommandError(ExitCode.quota, 'quota is 0')) });
  const [after, late] = [noted(lines, 'after', [bad]), noted(lines, 'late', [slow])];
  const failure = await run([slow, bad, after, late], undefined, results).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(StepFailure);
  expect(failure).toMatchObject({
    problem: 'bad: quota is 0 (not done: after, late)',
    remedy: expect.stringContaining('run the same command again'),
    notStarted: ['after', 'late'],
    exitCode: ExitCode.quota,
  });
  expect(lines).toEqual(['slow start', 'bad start', 'slow end']);
  expect([results.get(slow), results.get(bad)]).toEqual(['slow', undefined]);
});

test('after an interrupt, no step starts and the interrupt is thrown', async () => {
  const lines: string[] = [];
  const interrupt = new AbortController();
  const first = noted(lines, 'first', [], {
    run: () => {
      interrupt.abort(new Error('interrupted'));
      return Promise.resolve('ok');
    },
  });
  await expect(run([first, noted(lines, 'second', [first])], interrupt.signal)).rejects.toThrow('interrupted');
  expect(lines).toEqual(['first start', 'first end']);
});

test('the course is the critical path, not the sum', () => {
  const [a, b] = [noted([], 'a', [], { minutes: 30 }), noted([], 'b', [], { minutes: 20 })];
  const planned = course([a, b, noted([], 'c', [a, b], { minutes: 5 })]);
  expect(planned.minutes).toBe(35);
  expect(planned.sequentialMinutes).toBe(55);
  expect(planned.steps.find(({ id }) => id === 'c')).toMatchObject({ from: 30, to: 35 });
});

test('needed steps run even if they are not listed', async () => {
  const lines: string[] = [];
  const needed = noted(lines, 'needed');
  const last = noted(lines, 'last', [needed]);
  expect(course([last]).steps.map(({ id }) => id)).toEqual(['needed', 'last']);
  await run([last]);
  expect(lines).toEqual(['needed start', 'needed end', 'last start', 'last end']);
});

test('in any graph, every step ends after the steps that it needs', async () => {
  const graph = fc.array(fc.array(fc.nat(6), { maxLength: 3 }), { minLength: 1, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(graph, async (needs) => {
      const lines: string[] = [];
      const steps: Step<string>[] = [];
      needs.forEach((ids, index) => {
        const wanted = [...new Set(ids)].flatMap((id) => (id < index ? (steps[id] ?? []) : []));
        steps.push(noted(lines, `s${String(index)}`, wanted));
      });
      await run([...steps].reverse());
      for (const { id, needs: wanted } of steps) {
        for (const need of wanted) expect(lines.indexOf(`${need.id} end`)).toBeLessThan(lines.indexOf(`${id} start`));
      }
    }),
    { seed: 7, numRuns: 50 },
  );
});

/** Never run: the marked lines must not compile. */
export function types(network: Step<{ id: number }>, share: Step<{ arn: string }>): readonly Step[] {
  const facts = { id: 'attach', title: 'attach', minutes: 1 };
  const run = (given: { network: { id: number }; share: { arn: string } }): Promise<Done<string>> =>
    Promise.resolve({ outcome: given.share.arn, result: String(given.network.id) });
  const attached: Step<string> = step({ ...facts, needs: { network, share }, run });
  // @ts-expect-error -- a need is missing
  const withoutShare = step({ ...facts, needs: { network }, run });
  // @ts-expect-error -- the two are swapped
  const crossed = step({ ...facts, needs: { network: share, share }, run });
  // @ts-expect-error -- a result that is not needed is not passed
  const reaching = step({ ...facts, needs: { share }, run: (given) => run({ ...given, network: given.network }) });
  // @ts-expect-error -- the result is a text
  const wrong: Step<number> = step({ ...facts, needs: { network, share }, run });
  return [attached, withoutShare, crossed, reaching, wrong];
}
