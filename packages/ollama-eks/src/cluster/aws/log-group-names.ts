/** Returns the prefix of a cluster's CloudWatch log groups; EKS writes the control plane's logs there. */
export function eksLogFolder(clusterName: string): string {
  return `/aws/eks/${clusterName}/`;
}

/** Returns the prefix of a network's CloudWatch log groups. */
export function vpcLogFolder(networkName: string): string {
  return `/aws/vpc/${networkName}/`;
}
