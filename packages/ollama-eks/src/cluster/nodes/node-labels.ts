/**
 * Labels and taints of managed node groups.
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Taint.html
 */
import { GPU_RESOURCE } from '../../catalogue/gpu';
import { isLabelKey, isLabelValue, LABEL_KEY_FORM, LABEL_VALUE_FORM } from '../../catalogue/kubernetes-labels';
import { checkOneOf } from '../../check-text';
import { refuser, ValidationError } from '../../errors';
import { Token } from '../../framework';
import { POOL_LABEL } from '../../workload/names';
import type { NodeTaint } from './gpu-pool';

/** Taint that keeps pods without a GPU away; NVIDIA's device plugin and GPU pods tolerate it. */
export const GPU_TAINT: NodeTaint = { key: GPU_RESOURCE, value: 'true', effect: 'NO_SCHEDULE' };

const EFFECTS = ['NO_SCHEDULE', 'NO_EXECUTE', 'PREFER_NO_SCHEDULE'] as const;
/** Labels that this library sets, or that only a kubelet may set. */
const RESERVED_LABELS = /^(nvidia\.com\/gpu\.present$|([a-z0-9-]+\.)*(kubernetes|k8s)\.io\/|eks\.amazonaws\.com\/)/;

/** Refuses labels that Kubernetes refuses, and labels that others set. Values may be tokens. */
export function checkNodeLabels(property: string, labels: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(labels)) {
    if (RESERVED_LABELS.test(key) || key === POOL_LABEL) {
      throw new ValidationError({
        property,
        value: key,
        problem: 'is a label that EKS, the kubelet or this library sets',
        allowed: 'labels under your own domain',
        remedy: 'choose another key',
      });
    }
    checkPair(property, `${property}["${key}"]`, { key, value });
  }
}

/** Refuses taints that EKS or Kubernetes refuses, and repetitions of the GPU taint. Keys and values may be tokens. */
export function checkStartupTaints(property: string, taints: readonly NodeTaint[]): void {
  const seen = new Set<string>();
  taints.forEach((taint, index) => {
    const path = `${property}[${index}]`;
    checkPair(`${path}.key`, `${path}.value`, taint);
    checkOneOf(`${path}.effect`, taint.effect, EFFECTS);
    const id = `${taint.key}:${taint.effect}`;
    if (taint.key === GPU_TAINT.key || seen.has(id)) {
      throw new ValidationError({
        property: path,
        value: taint,
        problem: taint.key === GPU_TAINT.key ? 'is the taint that every GPU node has' : 'is a duplicate',
        allowed: `keys other than ${GPU_TAINT.key}, each at most once per effect`,
        remedy: 'remove it',
      });
    }
    seen.add(id);
  });
}

function checkPair(keyProperty: string, valueProperty: string, { key, value }: { key: string; value: string }): void {
  const refuse = refuser({ problem: 'is not valid in Kubernetes', remedy: 'correct it' });
  if (!Token.isUnresolved(key) && !isLabelKey(key)) {
    refuse({ property: keyProperty, value: key, allowed: LABEL_KEY_FORM });
  }
  if (!Token.isUnresolved(value) && !isLabelValue(value)) {
    refuse({ property: valueProperty, value, allowed: LABEL_VALUE_FORM });
  }
}
