/** Definitions of the custom resources that an installation uses, recorded from their releases. */
import { join, resolve } from 'node:path';
import type { KubeApiServer } from './kube-api-server';

export const DEFINITIONS_FOLDER = resolve(__dirname, '../../../../shared/contracts/kubernetes');

/** Definitions of the newest installed releases; upstream keeps objects of older releases valid. */
const DEFINITIONS = [
  'gateway-api-v1.6.1-standard-install.yaml',
  'istio-1.31.0-rc.0-crd-all.gen.yaml',
  'argocd-v3.5.1-application-crd.yaml',
  'argocd-v3.5.1-appproject-crd.yaml',
  'aws-load-balancer-controller-v3.5.0-targetgroupbinding-crd.yaml',
  'prometheus-operator-v0.93.1-crds.yaml',
];

/** Applies them to an API server, and waits until it serves them. */
export async function applyDefinitions(server: KubeApiServer): Promise<void> {
  for (const file of DEFINITIONS) {
    await server.kubectl(['apply', '--server-side', '-f', join(DEFINITIONS_FOLDER, file)]);
  }
  await server.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
}
