/** Defects of the original gateway, routes and image, which no committed tree may have. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseTemplate } from '../support/committed-trees';

const TREES = resolve(__dirname, '../../argocd');

interface KubernetesObject {
  readonly kind: string;
  readonly spec?: unknown;
}

function manifests(tree: string): readonly KubernetesObject[] {
  const folder = join(TREES, tree, 'manifests');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  return files.map((file) => parseTemplate(join(folder, file)) as KubernetesObject);
}

describe.each(readdirSync(TREES))('%s', (tree) => {
  const objects = manifests(tree);
  const of = (kind: string) => objects.filter((object) => object.kind === kind);

  test('row 11: there is no separate Deployment for the gateway; its options are in a ConfigMap that the Gateway names', () => {
    expect(JSON.stringify(objects)).not.toContain('"image":"auto"');
    expect(of('Gateway')).toMatchObject([{ spec: { infrastructure: { parametersRef: { kind: 'ConfigMap' } } } }]);
  });

  test('row 12: the gateway has no cleartext listener, and accepts routes from one namespace', () => {
    expect(of('Gateway')).toMatchObject([
      { spec: { listeners: [{ port: 443, protocol: 'HTTPS', allowedRoutes: { namespaces: { from: 'Selector' } } }] } },
    ]);
  });

  test('row 13: no route has the prefix /, health is rewritten, and there is no ReferenceGrant', () => {
    const routes = JSON.stringify(of('HTTPRoute'));
    expect(routes).not.toContain('"type":"PathPrefix","value":"/"');
    expect(routes).not.toMatch(/"value":"\/api\/(pull|push|create|copy|delete)"/);
    expect(routes).toContain('"replaceFullPath":"/api/version"');
    expect(of('ReferenceGrant')).toEqual([]);
  });

  test('row 26: the image is pinned to a release that speaks /v1/messages (0.14 and later)', () => {
    const [, minor] = /ollama\/ollama:0\.(\d+)\.\d+/.exec(JSON.stringify(objects)) ?? [];
    expect(Number(minor)).toBeGreaterThanOrEqual(14);
  });
});
