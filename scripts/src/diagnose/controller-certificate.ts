// https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/helm/aws-load-balancer-controller/templates/webhook.yaml
import { fail, ok, skipped, type Outcome } from '../checks/findings';
import { counted } from '../program/words';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';

const NAMESPACE = 'kube-system';
const APPLICATION = 'aws-load-balancer-controller';
/** Secret with the certificate that the webhooks present. Its private key is not read. */
const SECRET = 'aws-load-balancer-tls';
const WEBHOOKS = 'aws-load-balancer-webhook';

/** Kinds of objects that hold the certificate's authority, which the API server trusts. */
const CONFIGURATIONS = ['mutatingwebhookconfiguration', 'validatingwebhookconfiguration'];

interface WebhookConfiguration extends KubernetesObject {
  readonly webhooks?: readonly { readonly clientConfig?: { readonly caBundle?: string } }[];
}

/**
 * Checks that the API server trusts the webhooks of the load balancer controller. The chart generates a new authority each time that it is
 * rendered, and Argo CD must ignore the difference, so that it restores only the object that was deleted. Argo CD then reports that everything
 * is healthy, and every change of a TargetGroupBinding is refused.
 * @param applications our Applications: Argo CD restores what is deleted only if one of them installs the controller
 */
export async function controllerCertificate(
  kubectl: Kubectl,
  applications: readonly KubernetesObject[],
): Promise<Outcome> {
  const authority = await kubectl.field('secret', SECRET, NAMESPACE, String.raw`{.data.ca\.crt}`);
  const configurations = await Promise.all(
    CONFIGURATIONS.map(async (kind) => ({ kind, found: await kubectl.get<WebhookConfiguration>(kind, WEBHOOKS) })),
  );
  const existing = configurations.filter(({ found }) => found !== undefined);
  if (authority === '' && existing.length === 0) return skipped('the load balancer controller is not installed');
  const bundles = existing.flatMap(({ found }) =>
    (found?.webhooks ?? []).map((webhook) => webhook.clientConfig?.caBundle),
  );
  const differing = existing.filter(({ found }) =>
    (found?.webhooks ?? []).some((webhook) => webhook.clientConfig?.caBundle !== authority),
  );
  const missing = [
    ...(authority === '' ? [`Secret ${SECRET} does not exist`] : []),
    ...configurations
      .filter(({ found }) => found === undefined)
      .map(({ kind }) => `${kind} ${WEBHOOKS} does not exist`),
  ];
  const wrong =
    authority === ''
      ? []
      : differing.map(({ kind }) => `${kind} ${WEBHOOKS} has another authority than Secret ${SECRET}`);
  if (missing.length + wrong.length === 0)
    return ok(`${counted(bundles.length, 'webhook')} with the authority of ${SECRET}`);
  const detail = `${[...missing, ...wrong].join('; ')}: changes of TargetGroupBindings are refused`;
  const byArgoCd = applications.some(({ metadata }) => metadata.name === APPLICATION);
  return byArgoCd ? { ...fail(detail, 'ollama-eks diagnose --fix'), repair: renewal(kubectl) } : fail(detail, RESTORE);
}

/** Restores the objects of a release that Helm has installed: it keeps them, and they match. */
const RESTORE = `helm --namespace ${NAMESPACE} get manifest ${APPLICATION} | kubectl apply --server-side --force-conflicts --filename -`;

/** Argo CD creates the three objects again, from one rendering of the chart. */
function renewal(kubectl: Kubectl) {
  const objects = [`secret/${SECRET}`, ...CONFIGURATIONS.map((kind) => `${kind}/${WEBHOOKS}`)];
  return {
    title: `delete ${objects.join(', ')}, which Argo CD creates again, with one authority`,
    run: () => kubectl.delete(objects, NAMESPACE),
  };
}
