import type { ArgoApplication } from '../../src/argo/application';
import { Patience } from '../../src/argo/patience';

const MINUTE = 60_000;
const FINISHED = '2026-01-01T00:00:00Z';

/** States of a sync, as Argo CD 3.5.1 reports them. */
const STATES = {
  'first attempt': { phase: 'Running' },
  waiting: { phase: 'Running', retryCount: 1, finishedAt: FINISHED },
  retry: { phase: 'Running', retryCount: 1 },
  over: { phase: 'Failed', retryCount: 11, finishedAt: FINISHED },
  done: { phase: 'Succeeded', retryCount: 11, finishedAt: FINISHED },
} as const;

/** Passes through states, each for some minutes, and returns after which minutes patience is over. */
function overAfter(...states: readonly (readonly [state: keyof typeof STATES, minutes: number])[]): number[] {
  const patience = new Patience(10 * MINUTE);
  const over: number[] = [];
  let now = 0;
  for (const [state, minutes] of states) {
    const application: ArgoApplication = {
      kind: 'Application',
      metadata: { name: 'ollama' },
      status: { operationState: STATES[state] },
    };
    for (const end = now + minutes; now < end; now += 1) {
      patience.note([application], now * MINUTE);
      if (patience.isOver(application, now * MINUTE)) over.push(now);
    }
  }
  return over;
}

test('a sync that fails in every attempt is over after ten minutes', () => {
  const attempts = Array.from({ length: 6 }, () => [['waiting', 4] as const, ['retry', 1] as const]).flat();
  expect(overAfter(['first attempt', 1], ...attempts)[0]).toBe(13);
});

test('a sync that Argo CD has given up on is over after ten minutes', () => {
  expect(overAfter(['over', 12])).toEqual([10, 11]);
});

test('a source that cannot be read is over after ten minutes', () => {
  const patience = new Patience(10 * MINUTE);
  const conditions = [{ type: 'ComparisonError', message: 'not found' }];
  const application = { kind: 'Application', metadata: { name: 'ollama' }, status: { conditions } };
  const over = [0, 9, 10].map((minute) => {
    patience.note([application], minute * MINUTE);
    return patience.isOver(application, minute * MINUTE);
  });
  expect(over).toEqual([false, false, true]);
});

test('an attempt goes on while its source cannot be read, as in an outage of GitHub', () => {
  const patience = new Patience(10 * MINUTE);
  const conditions = [{ type: 'ComparisonError', message: 'connection refused' }];
  const application = (phase: string) => ({
    kind: 'Application',
    metadata: { name: 'ollama-root' },
    status: { conditions, operationState: { phase } },
  });
  const over = (phase: string, minute: number) => {
    patience.note([application(phase)], minute * MINUTE);
    return patience.isOver(application(phase), minute * MINUTE);
  };
  expect([0, 10, 30].map((minute) => over('Running', minute))).toEqual([false, false, false]);
  expect([31, 40, 41].map((minute) => over('Succeeded', minute))).toEqual([false, false, true]);
});

test('the time of an attempt does not count, however many failed before it', () => {
  expect(overAfter(['waiting', 2], ['retry', 40], ['waiting', 2], ['retry', 40])).toEqual([]);
  expect(overAfter(['first attempt', 60])).toEqual([]);
});

test('a success, and a new sync, reset the time', () => {
  expect(overAfter(['waiting', 9], ['done', 1], ['waiting', 9])).toEqual([]);
  expect(overAfter(['over', 9], ['first attempt', 1], ['waiting', 9])).toEqual([]);
});
