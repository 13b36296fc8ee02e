import { ValidationError } from '../../errors';

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const ALLOWED_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Refuses a retention, in days, that CloudWatch Logs does not support. */
export function checkRetention(property: string, days: number): number {
  if (!ALLOWED_DAYS.includes(days)) {
    throw new ValidationError({
      property,
      value: days,
      problem: 'is not supported by CloudWatch Logs',
      allowed: ALLOWED_DAYS.join(', '),
      remedy: 'choose the next longer retention',
    });
  }
  return days;
}
