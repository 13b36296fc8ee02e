import type { KubernetesVersion } from '../catalogue/kubernetes-version';

/** Days before the end of standard support from which synth warns. */
const NOTICE_DAYS = 90;
const DAY = 86_400_000;

/** Returns what to do if standard support of a version ends soon or has ended; undefined if that is far away or not known. */
export function supportWarning(
  { version, endOfStandardSupport }: Pick<KubernetesVersion, 'version' | 'endOfStandardSupport'>,
  today: Date,
): string | undefined {
  if (endOfStandardSupport === undefined) return undefined;
  const days = Math.floor((Date.parse(`${endOfStandardSupport}T23:59:59Z`) - today.getTime()) / DAY);
  if (days > NOTICE_DAYS) return undefined;
  const when =
    days < 0
      ? `ended on ${endOfStandardSupport}`
      : `ends on ${endOfStandardSupport}, in ${days === 1 ? 'one day' : `${days} days`}`;
  return (
    `Standard support of Kubernetes ${version} on EKS ${when}. Upgrade one minor version at a time ` +
    `(https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html).`
  );
}
