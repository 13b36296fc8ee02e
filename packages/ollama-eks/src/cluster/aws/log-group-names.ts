/** Folder of CloudWatch log groups that belong to a cluster; EKS itself writes the control plane's logs into it. */
export function eksLogFolder(clusterName: string): string {
  return `/aws/eks/${clusterName}/`;
}

/** Folder of CloudWatch log groups that belong to a network. */
export function vpcLogFolder(networkName: string): string {
  return `/aws/vpc/${networkName}/`;
}
