/** @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html (instance types of each image) */

const AMD = 'has AMD GPUs: image, device plugin and figures here are NVIDIA’s';
const ARM = 'is Arm: image and figures here are those of x86_64';
const FRACTION = 'has a fraction of a GPU: servers here get whole ones';

/** Families with GPUs that can't serve here, whatever figures are given, each with the reason. */
const UNUSABLE_FAMILIES: ReadonlyMap<string, string> = new Map([
  ['g4ad', AMD],
  ['g5g', ARM],
  ['p6e-gb200', ARM],
  ['p6e-gb300', ARM],
  ['g6f', FRACTION],
  ['gr6f', FRACTION],
]);

/** Why an instance type of that name can't serve here; undefined where nothing speaks against it. */
export function unusableBecause(name: string): string | undefined {
  return UNUSABLE_FAMILIES.get(name.split('.')[0] ?? name);
}
