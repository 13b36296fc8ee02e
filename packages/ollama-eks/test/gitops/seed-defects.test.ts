/** Defects of handwritten GitOps for this workload that the library cannot express; each is named after its subject. */
import { TerraformStack, Testing } from '../../src/framework';
import { parse } from 'yaml';
import { ArgoCdDelivery } from '../../src/gitops/argo-cd-delivery';
import type { ArgoCdDeliveryProps } from '../../src/gitops/argo-cd-delivery-props';
import { APPLICATION_HEALTH_KEY } from '../../src/gitops/application-health';
import { checkApplications } from '../../src/gitops/checks/check-applications';
import { treeFiles } from '../../src/gitops/render-tree';
import { PlatformStack } from '../../src/stacks/platform-stack';
import { Template } from '../../src/testing/template';
import { MESH_GROUPS } from '../../src/catalogue/ambient';
import { refusal } from '../refusal';
import { applications, manifestApplication, object, servers } from './support/applications';
import { SimulatedArgoCd } from './support/simulated-argo-cd';
import { goodWorld, outOfOrder } from './support/wave-scenarios';

const PROPS: ArgoCdDeliveryProps = {
  repository: 'https://github.com/acme/platform',
  revision: 'v1.4.0',
  path: 'argocd/g5-12xlarge',
  sources: [{ applications: applications(), definedGroups: MESH_GROUPS }],
};

interface Child {
  readonly metadata: { readonly finalizers?: readonly string[] };
  readonly spec: {
    readonly project: string;
    readonly source: { readonly targetRevision: string };
    readonly syncPolicy: { readonly retry: { readonly limit: number }; readonly syncOptions: readonly string[] };
  };
}

interface Values {
  readonly configs: { readonly cm: Readonly<Record<string, unknown>>; readonly params?: object };
  readonly server: { readonly replicas: number; readonly extraArgs?: unknown };
  readonly applications: Readonly<Record<string, Child & Child['metadata'] & Child['spec']>>;
}

describe('not expressible', () => {
  const delivery = new ArgoCdDelivery(
    new PlatformStack(Testing.app(), 'platform', { cluster: { clusterName: 'ollama', region: 'us-west-2' } }),
    'argocd',
    PROPS,
  );
  const template = Template.fromStack(TerraformStack.of(delivery));
  const values = (chart: string) => {
    const found = Object.values(template.resources('helm_release')).find((release) => release.chart === chart);
    return parse((found?.values as [string])[0]) as Values;
  };
  const root = values('argocd-apps').applications['ollama-root'];
  const tree = treeFiles(delivery.applications, PROPS);
  const children = applications().map((application) => ({
    application,
    text: tree.get(`templates/${application.wave + 2}-${application.name}.yaml`) ?? '',
  }));

  it('row 2: waves do not wait, without a health check of Applications', () => {
    expect(values('argo-cd').configs.cm[APPLICATION_HEALTH_KEY]).toContain('comparedTo');
    const argoCd = new SimulatedArgoCd(goodWorld(applications()));
    argoCd.commit('revision-1', applications());
    expect(argoCd.runUntil(() => argoCd.healthy, 7200)).toBe(true);
    expect(outOfOrder(applications(), argoCd)).toEqual([]);
  });

  it('row 3: the root skips what is in sync, is never retried, has no finalizer, and follows HEAD', () => {
    expect(root?.syncPolicy.syncOptions).not.toContain('ApplyOutOfSyncOnly=true');
    expect(root?.syncPolicy.retry.limit).toBe(11);
    expect(root?.finalizers).toEqual(['resources-finalizer.argocd.argoproj.io/foreground']);
    expect(
      refusal(() => new ArgoCdDelivery(new TerraformStack(Testing.app(), 's'), 'a', { ...PROPS, revision: 'HEAD' }))
        .property,
    ).toBe('revision');
  });

  it('row 4: a claim that waits for its first consumer blocks its wave forever', () => {
    const claim = object('v1', 'PersistentVolumeClaim', 'cache', { storageClassName: 'gp3' });
    const storage = manifestApplication('storage', 2, 'ollama', [claim]);
    expect(refusal(() => checkApplications([...applications(), storage])).message).toMatch(/its wave never ends/);
    expect(() =>
      checkApplications(applications().map((application) => (application.name === 'ollama' ? servers() : application))),
    ).not.toThrow();
  });

  it.each(children)(
    'row 5: $application.name is in the project default, floats, has no finalizer and is not retried',
    ({ application, text }) => {
      const readable = text.replace(/: \{\{.*revision.*\}\}/, ': PINNED').replace(/\{\{[^}]*\}\}/g, 'x');
      const child = parse(readable) as Child;
      expect(child.spec.project).toMatch(/^ollama-(platform|workload)$/);
      expect(child.spec.source.targetRevision).toMatch(/^(PINNED|\d+\.\d+\.\d+)$/);
      expect(child.metadata.finalizers !== undefined).toBe(application.cascade !== false);
      expect(child.spec.syncPolicy.retry.limit).toBe(11);
    },
  );

  it('row 19: Argo CD manages Applications of any namespace, serves in plaintext, and has an admin', () => {
    const { configs, server } = values('argo-cd');
    expect(Object.keys(configs.params ?? {})).toEqual(['controller.sync.timeout.seconds']);
    expect(server).toEqual({ replicas: 0 });
    expect(configs.cm['admin.enabled']).toBe(false);
  });

  it('row 20: destroy does not cascade, and does not wait', () => {
    const release = Object.values(template.resources('helm_release')).find(({ chart }) => chart === 'argocd-apps');
    expect(release?.wait).toBe(true);
    const argoCd = new SimulatedArgoCd(goodWorld(applications()));
    argoCd.commit('revision-1', applications());
    argoCd.runUntil(() => argoCd.healthy, 7200);
    argoCd.delete();
    expect(argoCd.runUntil(() => argoCd.empty, 3600)).toBe(true);
    const owners = new Set(argoCd.cluster.all().map(({ owner }) => owner));
    expect(owners).toEqual(new Set(['gateway-api-crds']));
  });
});
