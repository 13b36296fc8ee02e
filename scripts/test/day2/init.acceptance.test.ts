import { execFileSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { World } from './world';

const MODULES = join(__dirname, '../../../node_modules');

test.each(['argocd', 'helm'])('what init writes for %s compiles, synthesizes, and renders', async (delivery) => {
  const world = new World();
  try {
    const repository = delivery === 'argocd' ? ['--repository', 'https://github.com/acme/platform'] : [];
    expect((await world.run('init', '--delivery', delivery, ...repository)).code).toBe(0);
    symlinkSync(MODULES, join(world.directory, 'node_modules'));
    const out = execFileSync('npm', ['run', '--silent', 'synth'], { cwd: world.directory, encoding: 'utf8' });
    for (const title of ['GPU memory', 'Cold start', 'Cost', 'Delivery', 'Who may call', 'What leaves']) {
      expect(out).toContain(title);
    }
    expect(existsSync(join(world.directory, 'cdktf.out/stacks/infra/ollama-eks.json'))).toBe(true);
    const { code } = await world.run('render');
    expect(code).toBe(delivery === 'argocd' ? 0 : 2);
    expect(existsSync(join(world.directory, 'argocd/ollama/Chart.yaml'))).toBe(delivery === 'argocd');
    if (delivery === 'argocd') expect((await world.run('render', '--check')).code).toBe(0);
  } finally {
    world.remove();
  }
});
