import { checkCron } from '../../../src/cluster/guardrails/cron-expression';
import { refusal } from '../../refusal';
import { token } from '../given';

test.each([
  'cron(0 20 ? * MON-FRI *)',
  'cron(0 20 * * ? *)',
  'cron(*/10 8-18/2 ? JAN,MAR 2-6 2026-2030)',
  'cron(0,30 7 1,15 * ? *)',
  'cron(0 0 L * ? *)',
  'cron(0 0 LW * ? *)',
  'cron(0 0 15W * ? *)',
  'cron(0 0 ? * FRIL *)',
  'cron(0 0 ? * 3#2 *)',
])('%s is one', (expression) => {
  expect(checkCron('stop', expression)).toBe(expression);
});

test.each([
  ['8am', 'is no cron expression'],
  ['rate(1 day)', 'is no cron expression'],
  ['cron(0 20 * * ?)', 'has 5 fields'],
  ['cron(0 20 * * MON-FRI *)', 'must have ? for exactly one of day of month and day of week'],
  ['cron(0 20 ? * ? *)', 'must have ? for exactly one of day of month and day of week'],
  ['cron(60 20 ? * MON *)', 'has minutes that can’t be'],
  ['cron(? 20 ? * MON *)', 'has minutes that can’t be'],
  ['cron(0 24 ? * MON *)', 'has hours that can’t be'],
  ['cron(0 7-8-9 ? * MON *)', 'has hours that can’t be'],
  ['cron(*/0 7 ? * MON *)', 'has minutes that can’t be'],
  ['cron(0 7 32 * ? *)', 'has day of month that can’t be'],
  ['cron(0 7 ? 13 MON *)', 'has month that can’t be'],
  ['cron(0 7 ? * 0-5 *)', 'has day of week that can’t be'],
  ['cron(0 7 ? * MO-FR *)', 'has day of week that can’t be'],
  ['cron(0 7 ? * MON 1969)', 'has year that can’t be'],
])('%s %s', (expression, problem) => {
  expect(refusal(() => checkCron('nightSchedule.stop', expression)).message).toBe(
    `nightSchedule.stop = "${expression}": ${problem}; allowed: six fields, ? for one of the two days: ` +
      'cron(0 20 ? * MON-FRI *), known at synth; write minutes, hours, day of month, month, day of week and year',
  );
});

test('a value known only at apply is told as such', () => {
  expect(refusal(() => checkCron('stop', token('later'))).message).toContain('is known only at apply');
});
