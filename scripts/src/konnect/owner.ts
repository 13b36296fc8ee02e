// https://developer.konghq.com/api/konnect/control-planes/v2/ (labels)
import { createHash } from 'node:crypto';
import { CommandError, ExitCode } from '../program/exit-codes';
import type { ControlPlane } from './types';

/** The cluster that owns an object in Konnect. Several accounts and regions may have a cluster of the same name. */
export interface Owner {
  readonly cluster: string;
  readonly region: string;
  /** AWS account, 12 digits. @default - not compared */
  readonly account?: string | undefined;
}

/** Ownership of a control plane: `unmarked` if it has no owner labels. */
export type Ownership = 'ours' | 'unmarked' | 'foreign';

/** Keys of the labels. Only a control plane has labels, and everything else belongs to a control plane. */
const LABELS = {
  cluster: 'ollama-eks-cluster',
  region: 'ollama-eks-region',
  account: 'ollama-eks-account',
} as const;

/** Maximum length of a label's value. */
const LONGEST = 63;

/** Returns the labels that record the owner. */
export function ownerLabels({ cluster, region, account }: Owner): Readonly<Record<string, string>> {
  return {
    [LABELS.cluster]: labelValue(cluster),
    [LABELS.region]: region,
    ...(account === undefined ? {} : { [LABELS.account]: account }),
  };
}

/** Determines the ownership from the labels. */
export function ownershipOf({ labels = {} }: Pick<ControlPlane, 'labels'>, owner: Owner): Ownership {
  const differs = Object.entries(ownerLabels(owner)).some(([key, value]) => (labels[key] ?? value) !== value);
  if (differs) return 'foreign';
  return labels[LABELS.cluster] === undefined ? 'unmarked' : 'ours';
}

/** Returns the error (exit code 6) if a control plane must not be touched, or undefined if it is ours, or has no owner labels and its name was set explicitly. */
export function ownershipError(controlPlane: ControlPlane, owner: Owner, chosen: boolean): CommandError | undefined {
  const { id, name } = controlPlane;
  const subject = `control plane "${name}" (${id})`;
  const ownership = ownershipOf(controlPlane, owner);
  if (ownership === 'foreign') {
    return new CommandError(
      ExitCode.failedState,
      `${subject} belongs to ${describeOwner(controlPlane)}, not to ${describe(owner)}, and is left unchanged`,
      {
        remedy:
          'specify another one for this cluster (--control-plane, KONNECT_CONTROL_PLANE_NAME), or select that cluster (--cluster, --region, its AWS account)',
      },
    );
  }
  if (ownership === 'ours' || chosen) return undefined;
  return new CommandError(
    ExitCode.failedState,
    `${subject} has no label that assigns it to ${describe(owner)}, and is left unchanged`,
    {
      remedy: `set its name explicitly (--control-plane ${name}, KONNECT_CONTROL_PLANE_NAME) to use it, or choose another name`,
    },
  );
}

/** Throws CommandError (exit code 6) with the owner if a control plane must not be touched. */
export function assertOurs(controlPlane: ControlPlane, owner: Owner, chosen: boolean): void {
  const error = ownershipError(controlPlane, owner, chosen);
  if (error !== undefined) throw error;
}

function describeOwner({ labels = {} }: ControlPlane): string {
  const { [LABELS.cluster]: cluster = '?', [LABELS.region]: region = '?', [LABELS.account]: account } = labels;
  return describe({ cluster, region, account });
}

function describe({ cluster, region, account }: Owner): string {
  return `cluster "${cluster}" in ${region}${account === undefined ? '' : ` of AWS account ${account}`}`;
}

/** Returns a cluster's name as a label value. Names may be longer than labels, and may end in characters that labels must not end in. */
function labelValue(name: string): string {
  if (name.length <= LONGEST && /[a-z0-9]$/i.test(name)) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${name.slice(0, LONGEST - digest.length - 1)}-${digest}`;
}
