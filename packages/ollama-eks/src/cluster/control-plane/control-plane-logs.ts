import { ValidationError } from '../../errors';
import { checkKeyArn } from '../aws/kms-key';
import { checkRetention } from '../aws/log-retention';

/**
 * A log type of the control plane.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
 */
export type ControlPlaneLogType = 'api' | 'audit' | 'authenticator' | 'controllerManager' | 'scheduler';

/** Logs of the control plane in CloudWatch. */
export interface ControlPlaneLogsProps {
  /** @default ['api', 'audit', 'authenticator'] */
  readonly types?: readonly ControlPlaneLogType[];
  /** Retention in days, one of the values that CloudWatch Logs supports. @default 90 */
  readonly retentionDays?: number;
  /**
   * ARN of the KMS key that encrypts the log group, in the cluster's region; may be a token. Its policy must allow
   * `logs.<region>.amazonaws.com` to use it.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   * @default - the key that CloudWatch Logs owns
   */
  readonly kmsKeyArn?: string;
}

/** Logs of the control plane, with every default filled in. */
export interface ResolvedLogs {
  readonly types: readonly ControlPlaneLogType[];
  readonly retentionDays: number;
  readonly kmsKeyArn?: string;
}

const ALL_TYPES: readonly ControlPlaneLogType[] = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];
const DEFAULT_TYPES: readonly ControlPlaneLogType[] = ['api', 'audit', 'authenticator'];
const DEFAULT_RETENTION_DAYS = 90;

/** Fills in the defaults; refuses invalid types, retentions and keys. */
export function resolveLogs(props: ControlPlaneLogsProps = {}, region: string): ResolvedLogs {
  const { types = DEFAULT_TYPES, retentionDays = DEFAULT_RETENTION_DAYS, kmsKeyArn } = props;
  const unknown = types.find((type) => !ALL_TYPES.includes(type));
  if (unknown !== undefined) {
    throw new ValidationError({
      property: 'logs.types',
      value: unknown,
      problem: 'is not a log type of the control plane',
      allowed: ALL_TYPES.join(', '),
      remedy: 'correct it',
    });
  }
  if (kmsKeyArn !== undefined) checkKeyArn('logs.kmsKeyArn', kmsKeyArn, region, { tokens: true });
  return { types: [...new Set(types)], retentionDays: checkRetention('logs.retentionDays', retentionDays), kmsKeyArn };
}
