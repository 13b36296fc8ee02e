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
])('%s is valid', (expression) => {
  expect(checkCron('stop', expression)).toBe(expression);
});

test.each([
  ['8am', 'is not a cron expression'],
  ['rate(1 day)', 'is not a cron expression'],
  ['cron(0 20 * * ?)', 'has 5 fields'],
  ['cron(0 20 * * MON-FRI *)', 'must have ? for exactly one of day of month and day of week'],
  ['cron(0 20 ? * ? *)', 'must have ? for exactly one of day of month and day of week'],
  ['cron(60 20 ? * MON *)', 'has an invalid minutes field'],
  ['cron(? 20 ? * MON *)', 'has an invalid minutes field'],
  ['cron(0 24 ? * MON *)', 'has an invalid hours field'],
  ['cron(0 7-8-9 ? * MON *)', 'has an invalid hours field'],
  ['cron(*/0 7 ? * MON *)', 'has an invalid minutes field'],
  ['cron(0 7 32 * ? *)', 'has an invalid day of month field'],
  ['cron(0 7 ? 13 MON *)', 'has an invalid month field'],
  ['cron(0 7 ? * 0-5 *)', 'has an invalid day of week field'],
  ['cron(0 7 ? * MO-FR *)', 'has an invalid day of week field'],
  ['cron(0 7 ? * MON 1969)', 'has an invalid year field'],
])('%s %s', (expression, problem) => {
  expect(refusal(() => checkCron('nightSchedule.stop', expression)).message).toBe(
    `nightSchedule.stop = "${expression}": ${problem}; allowed: six fields, with ? for one of the two day fields: ` +
      'cron(0 20 ? * MON-FRI *), known at synth; set minutes, hours, day of month, month, day of week and year',
  );
});

test('a value known only at apply is refused as such', () => {
  expect(refusal(() => checkCron('stop', token('later'))).message).toContain('is known only at apply');
});
