import { CHARTS } from '../../src/catalogue/chart-versions';
import { downloadsOf } from '../../src/gitops/downloads';
import { chartApplication, manifestApplication, object } from './support/applications';

const job = (name: string, image: string) =>
  manifestApplication(name, 0, 'ollama', [object('v1', 'Pod', name, { containers: [{ name: 'c', image }] })]);
const APPLICATIONS = [
  chartApplication('istiod', 0, CHARTS.istiod),
  chartApplication('ztunnel', 1, CHARTS.ztunnel, { values: { initContainers: [{ image: 'busybox:1.37' }] } }),
  job('server', 'docker.io/ollama/ollama:0.32.15'),
  job('puller', 'docker.io/ollama/ollama:0.32.15'),
  job('own', 'registry.example.com/mirror/own:1'),
];
const { repository, version } = CHARTS.istiod;

test('lists charts and images once each, with those who use them', () => {
  expect(downloadsOf(APPLICATIONS)).toEqual({
    charts: [
      { name: 'istiod', version, repository },
      { name: 'ztunnel', version, repository },
    ],
    images: [
      { reference: 'busybox:1.37', usedBy: ['ztunnel'] },
      { reference: `docker.io/istio/pilot:${version}-distroless`, usedBy: ['istiod'] },
      { reference: `docker.io/istio/proxyv2:${version}-distroless`, usedBy: ['istiod'] },
      { reference: `docker.io/istio/ztunnel:${version}-distroless`, usedBy: ['ztunnel'] },
      { reference: 'docker.io/ollama/ollama:0.32.15', usedBy: ['puller', 'server'] },
      { reference: 'registry.example.com/mirror/own:1', usedBy: ['own'] },
    ],
  });
});

test('names the mirror of what moves, and none for what stays', () => {
  const mirrors = { charts: { ztunnel: 'oci://registry.example.com/charts' }, images: 'registry.example.com/mirror' };
  const { charts, images } = downloadsOf(APPLICATIONS, mirrors);
  expect(charts.map(({ name, mirror }) => [name, mirror])).toEqual([
    ['istiod', undefined],
    ['ztunnel', 'oci://registry.example.com/charts'],
  ]);
  expect(images.map(({ mirror }) => mirror)).toEqual([
    'registry.example.com/mirror/library/busybox:1.37',
    `registry.example.com/mirror/istio/pilot:${version}-distroless`,
    `registry.example.com/mirror/istio/proxyv2:${version}-distroless`,
    `registry.example.com/mirror/istio/ztunnel:${version}-distroless`,
    'registry.example.com/mirror/ollama/ollama:0.32.15',
    undefined,
  ]);
});
