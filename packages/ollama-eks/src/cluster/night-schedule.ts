/**
 * When GPU nodes run. EventBridge Scheduler sets the size of the node groups; nothing has to run in the cluster for it.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export interface NightScheduleProps {
  /** When the GPU pools go to zero: `cron(0 20 ? * MON-FRI *)`. */
  readonly stop: string;
  /** When they come back to the size that their replicas need. @default - never: somebody scales them up */
  readonly start?: string;
  /** IANA name of the time zone. @default 'UTC' */
  readonly timeZone?: string;
}
