/**
 * Converts an external name to a construct id in kebab case, like all ids of this library. `AmazonEKSViewPolicy` becomes
 * `amazon-eks-view-policy`, `ecr.api` becomes `ecr-api`.
 */
export function constructId(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase();
}
