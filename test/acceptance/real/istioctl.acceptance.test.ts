/** What Istio's own checks say of the rendered trees. `istiod.acceptance.test.ts` has those that need an API server. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { suite, workDir } from '../support';
import { analyze, validate } from '../support/istioctl';

const TREES = resolve(__dirname, '../../../argocd');
const LIMIT = 'gateway/envoyfilter-request-limit.yaml';

suite('istioctl', ['istioctl'], () => {
  const folder = workDir();

  describe.each(readdirSync(TREES))('the tree of %s', (example) => {
    const manifests = join(TREES, example, 'manifests');
    // A chart has templates, which are not YAML.
    const folders = readdirSync(manifests)
      .map((name) => join(manifests, name))
      .filter((path) => !existsSync(join(path, 'Chart.yaml')));
    const files = folders.flatMap((path) => readdirSync(path).map((name) => join(path, name)));

    test('analyze warns only that an EnvoyFilter is one', async () => {
      const filters = files.flatMap((file) => /envoyfilter-(.+)\.yaml$/.exec(file)?.[1] ?? []);
      expect(await analyze(['--use-kube=false', ...folders])).toEqual(
        filters.map((name) => `IST0133 EnvoyFilter istio-ingress/${name}`).sort(),
      );
    });

    test('validate accepts every object', async () => {
      const output = await validate(folders);
      for (const file of files) expect(output).toContain(`"${file}" ${file.includes('envoyfilter') ? 'has' : 'is'}`);
    });
  });

  /** Writes a changed copy of a file of a tree to a folder of its own. */
  function altered(file: string, change: (text: string) => string): string {
    const copy = join(folder, String(readdirSync(folder).length));
    mkdirSync(copy);
    writeFileSync(join(copy, 'object.yaml'), change(readFileSync(join(TREES, 'g5-12xlarge/manifests', file), 'utf8')));
    return copy;
  }

  test('analyze warns of a filter whose place depends on the order of creation', async () => {
    const unordered = altered(LIMIT, (text) => text.replace(/^ {2}priority: .*\n/m, ''));
    expect(await analyze(['--use-kube=false', unordered])).toContain('IST0151 EnvoyFilter istio-ingress/request-limit');
  });

  test('validate refuses an unknown field', async () => {
    const unknown = altered('mesh-ollama/peerauthentication-default.yaml', (text) => text.replace('mode:', 'mod:'));
    await expect(validate([unknown])).rejects.toThrow('unknown field "mod"');
  });
});
