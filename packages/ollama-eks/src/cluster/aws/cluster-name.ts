/** Names of clusters: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html */
import { checkForm } from '../../check-text';

const CLUSTER_NAME = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/,
  allowed: '1 to 100 letters, digits, - and _, beginning with a letter or digit, known at synth',
  remedy: 'choose another name',
};

/** Refuses an invalid name of an EKS cluster, or of a network, which is named after its cluster. */
export function checkClusterName(property: string, name: string): string {
  return checkForm(property, name, CLUSTER_NAME);
}
