// https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html and https://istio.io/latest/docs/ambient/upgrade/
import { ValidationError } from '../errors';

/** What is upgraded separately: each has nodes or pods that roll, and its own way back. */
export type UpgradedPart = 'kubernetes' | 'istio';

/** Versions of a cluster or of a program; undefined where a part is not installed. */
export type Versions = Readonly<Partial<Record<UpgradedPart, string>>>;

/** An upgrade of one part. */
export interface Upgrade {
  readonly part: UpgradedPart;
  readonly from: string;
  readonly to: string;
  /** What rolls, in order, each a phrase. */
  readonly rolls: readonly string[];
  /** How to go back, in sentences. */
  readonly back: string;
}

interface Part {
  readonly title: string;
  /** Property that sets the version. */
  readonly property: string;
  /** Why there is no way back to an older minor version; undefined if there is one. */
  readonly oneWay?: string;
  readonly rolls: readonly string[];
  readonly back: string;
}

const PARTS: Readonly<Record<UpgradedPart, Part>> = {
  kubernetes: {
    title: 'Kubernetes',
    property: 'kubernetesVersion',
    oneWay: 'EKS does not downgrade a control plane',
    rolls: [
      'control plane: the API server is replaced, servers keep answering',
      'kube-proxy, VPC CNI and Pod Identity agent, node by node',
      'system nodes, one at a time: gateways move, nothing is interrupted',
      'GPU nodes, one at a time: each server ends its requests, and loads its models again on a new node',
      'CoreDNS, EBS CSI driver and the other add-ons that run on nodes',
    ],
    // https://kubernetes.io/releases/version-skew-policy/#kubelet
    back:
      'EKS does not downgrade. A node that is not replaced yet keeps its version, which Kubernetes supports for three minor ' +
      'versions, and serves. If an update fails, fix the cause, and run the command again; it continues.',
  },
  istio: {
    title: 'Istio',
    property: 'version of AmbientMesh',
    rolls: [
      'definitions, which older versions accept',
      'istiod and the node agent, pod by pod: existing connections continue',
      'gateway pods, which istiod renders: each ends its streams first',
      'ztunnel, node by node: an old one stops when its last stream has ended',
    ],
    back:
      'Set the older version again, and deploy: istiod goes back first and ztunnel minutes later. Until then ztunnel is ahead of ' +
      'istiod, which Istio does not support for long. Definitions stay.',
  },
};

/**
 * Returns the upgrade from what runs to what a program sets; undefined if nothing differs.
 * @throws ValidationError if a minor version is skipped, if there is no way to an older one, or if both parts differ
 */
export function upgradeOf(running: Versions, wanted: Versions): Upgrade | undefined {
  const upgrades = (Object.keys(PARTS) as UpgradedPart[]).flatMap((part) => {
    const [from, to] = [running[part], wanted[part]];
    return from === undefined || to === undefined || from === to ? [] : [checked(part, from, to)];
  });
  const [first, second] = upgrades;
  if (first !== undefined && second !== undefined) {
    throw new ValidationError({
      property: PARTS[second.part].property,
      value: second.to,
      problem: `changes together with Kubernetes, so that a failure has two possible causes`,
      allowed: second.from,
      remedy: `restore it, upgrade ${PARTS[first.part].title}, and then upgrade ${PARTS[second.part].title}`,
    });
  }
  return first;
}

function checked(part: UpgradedPart, from: string, to: string): Upgrade {
  const { title, property, oneWay, rolls, back } = PARTS[part];
  const refuse = (problem: string, allowed: string, remedy: string): never => {
    throw new ValidationError({ property, value: to, problem, allowed, remedy });
  };
  const [running, wanted] = [minorOf(from), minorOf(to)];
  if (wanted < running && oneWay !== undefined) {
    refuse(
      `is older than ${from}, which runs, and ${oneWay}`,
      `${from} or the next minor version`,
      'set the version that runs',
    );
  }
  if (Math.abs(wanted - running) > 1) {
    const next = `1.${running + Math.sign(wanted - running)}`;
    refuse(
      `skips a minor version: ${title} ${from} runs`,
      next,
      `set it to a version of ${next}, upgrade, and then continue`,
    );
  }
  return { part, from, to, rolls, back };
}

/** `1.35` and `1.35.2` → 35 */
function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}
