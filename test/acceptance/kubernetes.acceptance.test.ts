/** Every object of every installation and example on a real API server: accepted strictly and without warnings. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Application, type ChartSource, renderTree } from '@org/ollama-eks';
import { kindOf, treeChanges, type TreeObject } from '@org/ollama-eks/pure';
import { childApplication } from '../../packages/ollama-eks/src/gitops/child-application';
import { installations } from '../support/installations';
import { leaveOut } from '../support/leave-out';
import { KUBE_NEEDS, kubeApiServer, suite, workDir } from './support';
import { applyDefinitions, DEFINITIONS_FOLDER } from './support/definitions';
import { namespacesOf, readRelease, readTree } from './support/tree';

const EXAMPLES = resolve(__dirname, '../../argocd');
const APPLY = ['apply', '--server-side', '--validate=strict', '--field-manager=argocd-controller', '-f', '-'];
/** Kinds that Argo CD would reset if every sync changed them. */
const KINDS =
  'deployments,jobs,services,networkpolicies,gateways.gateway.networking.k8s.io,httproutes,authorizationpolicies';
const VERSIONS = 'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{"\\n"}{end}';

if (!existsSync(DEFINITIONS_FOLDER)) {
  leaveOut('kube-apiserver on all objects', `no definitions of custom resources at ${DEFINITIONS_FOLDER}`);
} else {
  suite('kube-apiserver', [...KUBE_NEEDS, 'helm'], () => {
    const server = kubeApiServer();
    const all = trees(workDir());
    const charts = workDir();

    /** Applies objects, as a dry run or not, and returns what was applied and the messages of the server. */
    const apply = async (objects: readonly object[], ...options: readonly string[]) => {
      const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
      const { code, stdout, stderr } = await server.kubectl([...APPLY, ...options], { input, exitCodes: [0, 1] });
      return { code, applied: stdout.split('\n').filter(Boolean).length, said: stderr };
    };

    beforeAll(async () => {
      await applyDefinitions(server);
    }, 180_000);

    describe.each(all)('%s', (_, directory) => {
      it('every object is accepted without errors and warnings', async () => {
        const { applications, manifests } = await readTree(directory);
        const namespaces = namespacesOf(applications);
        expect(await apply(namespaces, '--force-conflicts')).toEqual({ code: 0, applied: namespaces.length, said: '' });
        const objects = [...applications, ...manifests];
        expect(manifests.length).toBeGreaterThan(0);
        expect(await apply(objects, '--dry-run=server')).toEqual({ code: 0, applied: objects.length, said: '' });
      });
    });

    it.each(installations().map(({ name, applications }) => [name, applications] as const))(
      '%s: every object of its Helm releases is accepted, too',
      async (_, applications) => {
        const objects = await Promise.all(applications.map((application) => readRelease(application, charts)));
        expect(objects.flat().length).toBeGreaterThan(0);
        expect(await apply(objects.flat(), '--dry-run=server')).toEqual({
          code: 0,
          applied: objects.flat().length,
          said: '',
        });
      },
    );

    it.each(all.slice(-1))('%s: another sync changes nothing', async (_, directory) => {
      const { applications, manifests } = await readTree(directory);
      const sync = async () => {
        const objects = [...namespacesOf(applications), ...applications, ...manifests];
        expect(await apply(objects)).toEqual({ code: 0, applied: objects.length, said: '' });
        const { stdout } = await server.kubectl(['get', KINDS, '--all-namespaces', '-o', VERSIONS]);
        return stdout.split('\n').filter(Boolean).sort();
      };
      await sync(); // defaults that the API server adds inside a list are owned after the second sync
      const second = await sync();
      expect(second.length).toBeGreaterThan(10);
      expect(await sync()).toEqual(second);

      // `ollama-eks diff` reads the same objects, to which the API server has added its defaults.
      const objects = [...applications, ...manifests] as TreeObject[];
      const kinds = [...new Set(objects.map(kindOf))].map((kind) => kind.split('/').reverse().join('.').toLowerCase());
      const { stdout } = await server.kubectl(['get', kinds.join(), '--all-namespaces', '-o', 'json']);
      const { items } = JSON.parse(stdout) as { items: TreeObject[] };
      expect(treeChanges(items, { objects, owners: [] })).toEqual({
        counts: { create: 0, update: 0, delete: 0 },
        effects: [],
      });
    });

    it('values of a chart can be removed: an empty map in place of others would be null', async () => {
      const [chart] = (installations()[0]?.applications ?? []).flatMap((application) =>
        application.source.kind === 'chart' ? [{ ...application, source: application.source }] : [],
      ) as [Application & { readonly source: ChartSource }];
      const location = { repository: 'r', revision: '1', manifestPath: () => '' };
      const sync = async (values: ChartSource['values']) => {
        const child = childApplication({ ...chart, source: { ...chart.source, values } }, location, 'argocd');
        expect(await apply([child])).toEqual({ code: 0, applied: 1, said: '' });
        const { stdout } = await server.kubectl([
          ...['get', 'applications.argoproj.io', chart.name, '--namespace', 'argocd'],
          ...['--output', 'jsonpath={.spec.source.helm.valuesObject}'],
        ]);
        return stdout;
      };
      expect(await sync({ a: { b: { c: 1 } }, d: 2 })).toBe('{"a":{"b":{"c":1}},"d":2}');
      expect(await sync({ a: { b: {} }, d: 2 })).toBe('{"d":2}');
      expect(await sync({})).toBe('');
      expect(await sync({ d: 3 })).toBe('{"d":3}');
    });

    describe('problems are reported', () => {
      it('an unknown field', async () => {
        const policy = { metadata: { name: 'default', namespace: 'istio-system' }, spec: { mtls: { mod: 'STRICT' } } };
        const object = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', ...policy };
        expect((await apply([object], '--dry-run=server')).said).toContain('unknown field "mod"');
      });

      it('a pod that a restricted namespace refuses', async () => {
        const labels = { app: 'root' };
        const template = {
          metadata: { labels },
          spec: { containers: [{ name: 'root', image: 'example.com/root:1.0' }] },
        };
        const deployment = {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'root', namespace: 'ollama' },
          spec: { selector: { matchLabels: labels }, template },
        };
        expect((await apply([deployment], '--dry-run=server')).said).toContain('would violate PodSecurity "restricted');
      });
    });
  });
}

/** The committed trees of the examples, and those of installations that no example covers. */
function trees(folder: string): [name: string, directory: string][] {
  const examples = existsSync(EXAMPLES) ? readdirSync(EXAMPLES) : [];
  const repository = 'https://github.com/acme/platform';
  return [
    ...examples.map((name): [string, string] => [`example ${name}`, join(EXAMPLES, name)]),
    ...installations().map(({ name, applications, chartRepositories }, index): [string, string] => {
      const directory = join(folder, String(index));
      mkdirSync(directory);
      renderTree(applications, { repository, path: `argocd/${index}`, chartRepositories }, directory);
      return [name, directory];
    }),
  ];
}
