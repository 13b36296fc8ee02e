// https://developer.konghq.com/api/konnect/control-planes/v2/ (labels)
import { createHash } from 'node:crypto';
import { CommandError, ExitCode } from '../program/exit-codes';
import type { ControlPlane } from './types';

/** The cluster that something in Konnect is for. Several accounts and regions may have one of the same name. */
export interface Owner {
  readonly cluster: string;
  readonly region: string;
  /** AWS account, 12 digits; not compared where it is not known. */
  readonly account?: string | undefined;
}

/** Whose a control plane is: `unmarked` where nothing says so. */
export type Ownership = 'ours' | 'unmarked' | 'foreign';

/** Keys of the labels; a control plane is the one thing there that has any, and all else hangs on one. */
const LABELS = {
  cluster: 'ollama-eks-cluster',
  region: 'ollama-eks-region',
  account: 'ollama-eks-account',
} as const;

/** Longest value of a label. */
const LONGEST = 63;

/** The labels that say whose it is. */
export function ownerLabels({ cluster, region, account }: Owner): Readonly<Record<string, string>> {
  return {
    [LABELS.cluster]: labelValue(cluster),
    [LABELS.region]: region,
    ...(account === undefined ? {} : { [LABELS.account]: account }),
  };
}

/** Whose it is, going by its labels. */
export function ownershipOf({ labels = {} }: Pick<ControlPlane, 'labels'>, owner: Owner): Ownership {
  const differs = Object.entries(ownerLabels(owner)).some(([key, value]) => (labels[key] ?? value) !== value);
  if (differs) return 'foreign';
  return labels[LABELS.cluster] === undefined ? 'unmarked' : 'ours';
}

/** Why it may not be touched (exit code 6); undefined where it may: it is ours, or carries no mark and was named outright. */
export function ownershipError(controlPlane: ControlPlane, owner: Owner, chosen: boolean): CommandError | undefined {
  const { id, name } = controlPlane;
  const subject = `control plane "${name}" (${id})`;
  const ownership = ownershipOf(controlPlane, owner);
  if (ownership === 'foreign') {
    return new CommandError(
      ExitCode.failedState,
      `${subject} belongs to ${describeOwner(controlPlane)}, not to ${describe(owner)}: it is left alone`,
      {
        remedy:
          'name another for this cluster (--control-plane, KONNECT_CONTROL_PLANE_NAME), or work on that cluster (--cluster, --region, its AWS account)',
      },
    );
  }
  if (ownership === 'ours' || chosen) return undefined;
  return new CommandError(
    ExitCode.failedState,
    `${subject} has no label that says that it is of ${describe(owner)}: it is left alone`,
    {
      remedy: `name it outright (--control-plane ${name}, KONNECT_CONTROL_PLANE_NAME) where it is meant, or choose another name`,
    },
  );
}

/** Throws CommandError (exit code 6) that names the owner where it may not be touched. */
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

/** A name of EKS may be longer than a label, and end in what a label may not end in. */
function labelValue(name: string): string {
  if (name.length <= LONGEST && /[a-z0-9]$/i.test(name)) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${name.slice(0, LONGEST - digest.length - 1)}-${digest}`;
}
