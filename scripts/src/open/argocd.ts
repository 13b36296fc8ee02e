// https://argo-cd.readthedocs.io/en/stable/getting_started/#3-access-the-argo-cd-api-server
import { once } from 'node:events';
import { ARGOCD_NAMESPACE } from '@org/ollama-eks/pure';
import type { Workload } from '../pools/workloads';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { printSecret } from '../program/output';
import { findProject } from '../project/project';
import { findTarget } from '../project/target';
import { openCluster } from '../systems/cluster-access';
import { withPort } from '../systems/port-forward';

const SERVER = 'argocd-server';
const PASSWORD_SECRET = 'argocd-initial-admin-secret';
const HTTPS = 443;

/** Forwards a local port to the UI of Argo CD until Ctrl-C, and prints its login. Throws UsageError if the UI is off. */
export async function openArgoCd(context: Context, localPort: number): Promise<void> {
  const kubectl = await openCluster(context, findTarget(context, findProject(context)));
  const server = await kubectl.get<Workload>('deployment', SERVER, ARGOCD_NAMESPACE);
  if (server === undefined || (server.spec.replicas ?? 1) === 0) {
    throw new UsageError('the UI of Argo CD is off', {
      remedy:
        "set values of ArgoCdDelivery to { server: { replicas: 1 }, configs: { cm: { 'admin.enabled': true } } }, and deploy",
    });
  }
  const encoded = await kubectl.field('secret', PASSWORD_SECRET, ARGOCD_NAMESPACE, '{.data.password}');
  const password = encoded === '' ? undefined : Buffer.from(encoded, 'base64').toString();
  await withPort(
    kubectl,
    { namespace: ARGOCD_NAMESPACE, object: `service/${SERVER}`, port: HTTPS, localPort },
    async (port, lost) => {
      const url = `https://127.0.0.1:${String(port)}`;
      const login = password === undefined ? { user: undefined, password: undefined } : { user: 'admin', password };
      printSecret(context, { url, ...login }, () =>
        password === undefined
          ? `${url}\nthe initial password was deleted: sign in with your own`
          : `${url}\nuser: admin\npassword: ${password}`,
      );
      context.reporter.note('the certificate is self-signed; press Ctrl-C to end');
      const ended = AbortSignal.any([lost, context.signal]);
      if (!ended.aborted) await once(ended, 'abort');
    },
  );
}
