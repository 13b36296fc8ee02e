/** Names of clusters: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html */
import { checkForm } from '../../check-text';
import { ValidationError } from '../../errors';
import { Token } from '../../framework';

const CLUSTER_NAME = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/,
  allowed: '1 to 100 letters, digits, - and _, beginning with a letter or digit',
  remedy: 'choose another name',
  tokens: true,
};

/** Refuses an invalid name of an EKS cluster, or of a network, which is named after its cluster. It may be a token. */
export function checkClusterName(property: string, name: string): string {
  return checkForm(property, name, CLUSTER_NAME);
}

/** Refuses the name of a cluster that is known only at apply. @param usedIn What contains the name, and is written at synth. */
export function requireKnownName(property: string, name: string, usedIn: string): string {
  if (!Token.isUnresolved(name)) return name;
  throw new ValidationError({
    property,
    problem: `is known only at apply, but ${usedIn}`,
    allowed: 'a name known at synth',
    remedy: 'choose the name in the program, with one module or stack for each cluster',
  });
}
