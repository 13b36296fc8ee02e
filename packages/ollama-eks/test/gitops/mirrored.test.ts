import type { ChartImage } from '../../src/catalogue/chart-images';
import { CHARTS } from '../../src/catalogue/chart-versions';
import { Token } from '../../src/framework';
import type { ChartSource } from '../../src/gitops/application';
import { checkMirrors } from '../../src/gitops/checks/check-mirrors';
import { contributionsOf, lateContributions } from '../../src/gitops/contributions';
import { mirrored, mirroredChart, mirroredImage } from '../../src/gitops/mirrored';
import type { Mirrors } from '../../src/gitops/mirrors';
import { refusal } from '../refusal';
import { chartApplication, manifestApplication, object } from './support/applications';

const ECR = '111122223333.dkr.ecr.us-west-2.amazonaws.com';
const DIGEST = `@sha256:${'0'.repeat(64)}`;

const istiod = (values: ChartSource['values'] = {}) => chartApplication('istiod', 0, CHARTS.istiod, { values });
const chartOf = (mirrors: Mirrors, application = istiod()) => mirrored(application, mirrors).source as ChartSource;

describe('images', () => {
  /** Rules of a pull-through cache for each registry, and one repository that is copied. */
  const byRegistry = {
    'docker.io': `${ECR}/docker-hub`,
    'public.ecr.aws': `${ECR}/ecr-public`,
    'nvcr.io/nvidia/k8s-device-plugin': `${ECR}/nvidia-plugin`,
  };

  it.each<[string, Mirrors['images'], string]>([
    ['docker.io/ollama/ollama:0.32.15', `${ECR}/mirror`, `${ECR}/mirror/ollama/ollama:0.32.15`],
    [`quay.io/argoproj/argocd${DIGEST}`, `${ECR}/mirror`, `${ECR}/mirror/argoproj/argocd${DIGEST}`],
    ['redis:8', `${ECR}/mirror`, `${ECR}/mirror/library/redis:8`],
    ['redis:8', 'docker.example.com', 'docker.example.com/library/redis:8'],
    ['docker.io/ollama/ollama:0.32.15', byRegistry, `${ECR}/docker-hub/ollama/ollama:0.32.15`],
    ['ecr-public.aws.com/docker/library/redis:8', byRegistry, `${ECR}/ecr-public/docker/library/redis:8`],
    // other names of the same registry
    [
      'ecr-public.aws.com/docker/library/redis:8',
      { 'ecr-public.aws.com': 'x.io/aws' },
      'x.io/aws/docker/library/redis:8',
    ],
    ['ollama/ollama:1', { 'index.docker.io/ollama': 'x.io/one', '*': 'x.io/two' }, 'x.io/one/ollama:1'],
    // an official image has two names, and a name without a path may also be that of an organization
    ['redis:8', { 'docker.io/redis': 'x.io/one', '*': 'x.io/two' }, 'x.io/one:8'],
    ['docker.io/library/redis:8', { 'docker.io/redis': 'x.io/one', 'docker.io/library': 'x.io/two' }, 'x.io/one:8'],
    ['docker.io/redis:8', { 'docker.io/library/redis': 'x.io/one' }, 'x.io/one:8'],
    ['redis/redis-stack:7', { 'docker.io/redis': 'x.io/one' }, 'x.io/one/redis-stack:7'],
    ['public.ecr.aws/a:1', { '*': 'x.io', 'public.ecr.aws': 'ecr-public.aws.com' }, 'public.ecr.aws/a:1'],
    ['ecr-public.aws.com/a:1', { '*': 'x.io', 'quay.io': 'ecr-public.aws.com' }, 'ecr-public.aws.com/a:1'],
    ['nvcr.io/nvidia/k8s-device-plugin:v1', byRegistry, `${ECR}/nvidia-plugin:v1`],
    ['nvcr.io/nvidia/k8s-device-plugin-2:v1', byRegistry, 'nvcr.io/nvidia/k8s-device-plugin-2:v1'],
    ['nvcr.io/nvidia/other:v1', byRegistry, 'nvcr.io/nvidia/other:v1'],
    ['nvcr.io/nvidia/other:v1', { ...byRegistry, '*': `${ECR}/rest` }, `${ECR}/rest/nvidia/other:v1`],
    ['docker.io/a/b/c:1', { 'docker.io/a': 'x.io/one', 'docker.io/a/b': 'x.io/two' }, 'x.io/two/c:1'],
    ['redis:8', { 'quay.io': 'x.io/one' }, 'redis:8'],
    ['redis:8', undefined, 'redis:8'],
    // an image of a mirror, even of another one than where it would be looked for
    [`${ECR}/mirror/ollama/ollama:1`, `${ECR}/mirror`, `${ECR}/mirror/ollama/ollama:1`],
    [`${ECR}/nvidia-plugin:v2`, { ...byRegistry, '*': `${ECR}/rest` }, `${ECR}/nvidia-plugin:v2`],
    [
      'registry.acme.com/a:1',
      { '*': `${ECR}/rest`, 'registry.acme.com': 'registry.acme.com' },
      'registry.acme.com/a:1',
    ],
  ])('%s with %j', (image, images, expected) => {
    expect(mirroredImage(image, { images })).toBe(expected);
  });

  it('of manifests are replaced', () => {
    const pod = object('v1', 'Pod', 'p', { containers: [{ name: 'c', image: 'docker.io/curlimages/curl:8.21.0' }] });
    const application = manifestApplication('a', 0, 'kube-system', [pod]);
    expect(mirrored(application, { images: `${ECR}/mirror` })).toEqual({
      ...application,
      source: {
        kind: 'manifests',
        manifests: [{ ...pod, spec: { containers: [{ name: 'c', image: `${ECR}/mirror/curlimages/curl:8.21.0` }] } }],
      },
    });
  });

  it('of a chart are replaced next to its other values, with a pinned tag', () => {
    const { values } = chartOf(
      { images: `${ECR}/mirror` },
      istiod({ profile: 'ambient', global: { logAsJson: true } }),
    );
    expect(values).toEqual({
      profile: 'ambient',
      global: { logAsJson: true, hub: `${ECR}/mirror/istio`, tag: CHARTS.istiod.version },
    });
  });

  it('of a chart that share a location move together', () => {
    const { values } = chartOf({ images: { 'docker.io': `${ECR}/docker-hub`, 'docker.io/istio': `${ECR}/mesh` } });
    expect(values['global']).toMatchObject({ hub: `${ECR}/mesh` });
    expect(chartOf({ images: { 'quay.io': `${ECR}/quay` } }).values['global']).toMatchObject({
      hub: 'docker.io/istio',
    });
  });

  it('of a chart are those that its values set', () => {
    const own = { global: { hub: 'quay.io/acme', tag: '1.31.1-distroless' } };
    expect(chartOf({ images: `${ECR}/mirror` }, istiod(own)).values).toEqual({
      global: { hub: `${ECR}/mirror/acme`, tag: '1.31.1-distroless' },
    });
    const kept = { global: { hub: 'registry.acme.com/istio', tag: '1' } };
    const mirrors = { images: { '*': `${ECR}/mirror`, 'registry.acme.com': 'registry.acme.com' } };
    expect(chartOf(mirrors, istiod(kept)).values).toEqual(kept);
  });

  it('that a chart does not use are not set, unless its values turn them on', () => {
    const argoCd = (values: ChartSource['values']) => ({
      kind: 'chart' as const,
      ...CHARTS.argoCd,
      images: undefined,
      values,
    });
    const mirrors = { images: `${ECR}/mirror` };
    expect(mirroredChart(argoCd({ dex: { enabled: false } }), mirrors).values).toEqual({
      dex: { enabled: false },
      global: { image: { repository: `${ECR}/mirror/argoproj/argocd`, tag: 'v3.4.4' } },
      redis: { image: { repository: `${ECR}/mirror/docker/library/redis`, tag: '8.2.3-alpine' } },
    });
    expect(mirroredChart(argoCd({ dex: { enabled: true } }), mirrors).values['dex']).toEqual({
      enabled: true,
      image: { repository: `${ECR}/mirror/dexidp/dex`, tag: 'v2.45.1' },
    });
  });

  it('of a chart that the catalogue does not list must be listed', () => {
    const own = { ...CHARTS.istiod, repository: 'https://charts.example.com', chart: 'own', kinds: [] };
    const application = chartApplication('own', 0, own, { kinds: [] });
    const error = refusal(() => mirrored(application, { images: `${ECR}/mirror` }));
    expect(error.property).toBe('applications[own].source.images');
    expect(mirrored(application, { charts: 'oci://x.io' }).source).toMatchObject({ repository: 'oci://x.io' });

    const images: readonly ChartImage[] = [{ repository: 'ghcr.io/own/image', value: 'image.repository' }];
    const listed = { ...application, source: { ...(application.source as ChartSource), images } };
    expect(chartOf({ images: `${ECR}/mirror` }, listed).values).toEqual({
      image: { repository: `${ECR}/mirror/own/image`, tag: own.version },
    });
  });
});

describe('charts', () => {
  it.each<[Mirrors['charts'], string]>([
    [undefined, 'https://blob.istio.io/istio-release/charts'],
    ['oci://x.io/charts', 'oci://x.io/charts'],
    [{ '*': 'oci://x.io/charts', istiod: 'https://charts.example.com/istio' }, 'https://charts.example.com/istio'],
    [{ '*': 'oci://x.io/charts', base: 'https://charts.example.com/istio' }, 'oci://x.io/charts'],
    [{ base: 'https://charts.example.com/istio' }, 'https://blob.istio.io/istio-release/charts'],
    // already in a mirror
    [{ '*': 'oci://x.io/charts', base: CHARTS.istiod.repository }, CHARTS.istiod.repository],
  ])('istiod with %j', (charts, repository) => {
    expect(chartOf({ charts })).toMatchObject({ repository, chart: 'istiod', values: {} });
  });
});

test('a chart may have the name of a property that every object has', () => {
  const own = { ...CHARTS.istiod, chart: 'constructor' };
  const application = chartApplication('own', 0, own, { kinds: [] });
  expect(chartOf({ charts: { istiod: 'oci://x.io' } }, application).repository).toBe(own.repository);
  expect(refusal(() => mirrored(application, { images: 'x.io' })).property).toBe('applications[own].source.images');
});

describe('contributions', () => {
  const sources = [{ applications: [{ ...istiod(), namespace: { name: 'kube-system' } }] }];

  it('may use the repositories of mirrors, and are not late because they have been replaced', () => {
    const taken = contributionsOf({ sources, mirrors: { charts: 'oci://x.io/charts', images: 'x.io' } });
    expect(taken.applications[0]?.source).toMatchObject({ repository: 'oci://x.io/charts' });
    expect(taken.chartRepositories).toEqual(['oci://x.io/charts']);
    expect(lateContributions(sources, taken)).toEqual([]);
  });

  it('are read once, so what is checked is what is delivered', () => {
    const applications = jest.fn(() => [{ ...istiod(), namespace: { name: 'kube-system' } }]);
    contributionsOf({
      sources: [
        {
          get applications() {
            return applications();
          },
        },
      ],
    });
    expect(applications).toHaveBeenCalledTimes(1);
  });
});

describe('refused mirrors', () => {
  it.each<[string, Mirrors, string]>([
    ['mirrors.charts', { charts: 'x.io/charts' }, '"https://…" or "oci://…"'],
    ['mirrors.charts', { charts: 'http://x.io/charts' }, '"https://…" or "oci://…"'],
    ['mirrors.charts', { charts: 'oci://user:password@x.io/charts' }, 'without credentials'],
    ['mirrors.charts', { charts: 'oci://x.io/charts/' }, 'without credentials'],
    ['mirrors.charts', { charts: '' }, 'https'],
    [
      'mirrors.charts["base"]',
      { charts: { base: 'https://istio-release.storage.googleapis.com/charts' } },
      'blob.istio.io',
    ],
    ['mirrors.charts', { charts: Token.asString({ resolve: () => 'later' }) }, 'known only at apply'],
    ['mirrors.images', { images: `https://${ECR}/mirror` }, 'without scheme'],
    ['mirrors.images', { images: `${ECR}/mirror/` }, 'without scheme'],
    ['mirrors.images', { images: `${ECR}/mirror:1` }, 'without scheme'],
    ['mirrors.images', { images: 'mirror' }, 'a registry'],
    ['mirrors.images', { images: 'gcr.io/istio-release' }, 'docker.io/istio'],
    ['mirrors.images["docker.io"]', { images: { 'docker.io': 'Mirror' } }, 'a registry'],
    ['mirrors.images.<key>', { images: { dockerhub: `${ECR}/mirror` } }, 'docker.io'],
    [
      'mirrors.images.<key>',
      { images: { 'docker.io/istio/pilot': `${ECR}/pilot` } },
      'set the mirror of docker.io/istio',
    ],
    ['mirrors.images.<key>', { images: { 'index.docker.io/istio/pilot': `${ECR}/pilot` } }, 'docker.io/istio'],
    [
      'mirrors.images.<key>',
      { images: { 'docker.io/redis': 'x.io/a', 'docker.io/library/redis': 'x.io/b' } },
      'is another name of docker.io/redis',
    ],
    [
      'mirrors.images.<key>',
      { images: { 'index.docker.io': 'x.io/a', 'docker.io': 'x.io/b' } },
      'is another name of index.docker.io',
    ],
    ['mirrors.images', { images: `x.io/a@sha256:${'0'.repeat(64)}` }, 'without scheme and tag'],
  ])('%s', (property, mirrors, message) => {
    const error = refusal(() => checkMirrors(mirrors));
    expect(error.property).toBe(property);
    expect(error.message).toContain(message);
  });

  it.each<Mirrors>([
    { charts: 'oci://user:hunter2@x.io/charts' },
    { charts: { base: 'https://hunter2@x.io/charts' } },
    { images: 'user:hunter2@x.io/mirror' },
    { charts: 'HTTPS://user:hunter2@x.io/charts' },
    { charts: ' https://user:hunter2@x.io/charts' },
    { charts: 'https://user:a/hunter2@x.io/charts' },
    { charts: 'oci://user:a/hunter2@x.io/charts' },
    { charts: 'https://x.io/charts?token=hunter2' },
    { images: 'https:/user:hunter2@x.io/mirror' },
    { images: { 'https://user:hunter2@docker.io': 'https://x.io' } },
  ])('%j is refused without repeating the password', (mirrors) => {
    expect(refusal(() => checkMirrors(mirrors)).message).not.toContain('hunter2');
  });

  it.each<Mirrors>([
    {},
    { charts: 'oci://localhost:5000', images: 'localhost:5000' },
    { charts: 'https://charts.example.com/' },
    { images: { '*': 'docker.example.com', 'docker.io/istio': 'x.io/istio', 'docker.io/istio-2/pilot': 'x.io/y' } },
  ])('%j is valid', (mirrors) => {
    expect(() => checkMirrors(mirrors)).not.toThrow();
  });
});

describe('a chart that sets the registry by a value of its own', () => {
  const stack = (values: ChartSource['values'] = {}) =>
    chartApplication('monitoring', 6, CHARTS.kubePrometheusStack, { values });
  const imageOf = ({ values }: ChartSource) => (values['grafana'] as { readonly image: object }).image;

  it('gets registry and path of the mirror', () => {
    expect(imageOf(chartOf({ images: `${ECR}/mirror` }, stack()))).toEqual({
      registry: ECR,
      repository: 'mirror/grafana/grafana',
      tag: '13.2.0',
    });
  });

  it('keeps an image of yours where its registry is not mirrored', () => {
    const own = stack({
      grafana: { image: { registry: 'registry.example.com', repository: 'own/grafana', tag: '1' } },
    });
    expect(imageOf(chartOf({ images: { 'docker.io': `${ECR}/docker` } }, own))).toEqual({
      registry: 'registry.example.com',
      repository: 'own/grafana',
      tag: '1',
    });
  });

  it('completes a repository without a registry as container runtimes do', () => {
    const images: readonly ChartImage[] = [
      { repository: 'acme/grafana', value: 'image.repository', registryValue: 'image.registry' },
    ];
    const application = chartApplication('own', 6, CHARTS.istiod);
    const source = {
      ...(application.source as ChartSource),
      images,
      values: { image: { repository: 'fork/grafana' } },
    };
    expect(chartOf({ images: `${ECR}/mirror` }, { ...application, source }).values['image']).toMatchObject({
      registry: ECR,
      repository: 'mirror/fork/grafana',
    });
  });
});
