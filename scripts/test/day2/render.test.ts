import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { World } from './world';

let world: World;

beforeEach(() => {
  world = new World();
  world.synthesized();
});

afterEach(() => {
  world.remove();
});

function put(name: string, text: string): void {
  const file = join(world.directory, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Writes what ArgoCdDelivery leaves in the output of synth. */
function tree(manifest: string): void {
  const asset = 'cdktf.out/stacks/infra/assets/tree/0123456789abcdef';
  put(`${asset}/Chart.yaml`, 'name: ollama-applications\n');
  put(`${asset}/values.yaml`, 'path: argocd/ollama\n');
  put(`${asset}/manifests/ollama/service.yaml`, manifest);
}

test('copies the tree to its path, and removes what is no longer rendered', async () => {
  tree('one\n');
  put('argocd/ollama/manifests/old/gone.yaml', 'old');
  put('argocd/ollama/README.md', 'mine');
  const { code, out } = await world.run('render');
  expect([code, out]).toEqual([0, expect.stringContaining('wrote: argocd/ollama')]);
  expect(readFileSync(join(world.directory, 'argocd/ollama/manifests/ollama/service.yaml'), 'utf8')).toBe('one\n');
  expect(existsSync(join(world.directory, 'argocd/ollama/manifests/old'))).toBe(false);
  expect(readFileSync(join(world.directory, 'argocd/ollama/README.md'), 'utf8')).toBe('mine');
});

test('--check finds drift, exit code 6, and writes nothing', async () => {
  tree('one\n');
  await world.run('render');
  expect((await world.run('render', '--check')).code).toBe(0);
  tree('two\n');
  expect(await world.run('render', '--check')).toMatchObject({
    code: 6,
    err: expect.stringMatching(/differs.*argocd\/ollama\/manifests\/ollama\/service.yaml; run ollama-eks render/),
  });
  expect(readFileSync(join(world.directory, 'argocd/ollama/manifests/ollama/service.yaml'), 'utf8')).toBe('one\n');
  expect((await world.run('--dry-run', 'render')).out).toMatch(/would write/);
});

test('ends with exit code 2 for a project without a tree, or that is not synthesized', async () => {
  expect(await world.run('render')).toMatchObject({ code: 2, err: expect.stringMatching(/has no GitOps tree/) });
  world.remove();
  world = new World();
  expect(await world.run('render')).toMatchObject({
    code: 2,
    err: expect.stringMatching(
      /manifest.json does not exist; synthesize first: run the program in .*; or .* with --project/,
    ),
  });
  put('cdktf.json', '{}');
  expect(await world.run('render')).toMatchObject({ code: 2, err: expect.stringMatching(/first: npm run synth, in/) });
});
