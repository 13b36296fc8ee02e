import { execFileSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { World } from './world';

const MODULES = join(__dirname, '../../../node_modules');
const VPC = ['--vpc', 'vpc-1', '--vpc-cidr', '10.20.0.0/16', '--subnets', 'subnet-1,subnet-2'];
const TRANSIT = ['--transit-subnets', 'subnet-3,subnet-4', '--route-tables', 'rtb-1'];
const ARGO = ['--repository', 'https://github.com/acme/platform'];

test.each([
  ['argocd', 'kong', [...ARGO]],
  ['helm', 'kong', [...VPC, ...TRANSIT]],
  ['argocd', 'internal', [...ARGO, ...VPC]],
  ['helm', 'internal', []],
])('what init writes for %s and %s with %j compiles, synthesizes, and renders', async (delivery, exposure, flags) => {
  const world = new World();
  try {
    const { code, err } = await world.run('init', '--delivery', delivery, '--exposure', exposure, ...flags);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    symlinkSync(MODULES, join(world.directory, 'node_modules'));
    const npm = (script: string) =>
      execFileSync('npm', ['run', '--silent', script], { cwd: world.directory, encoding: 'utf8' });
    expect(npm('check')).toBe('');
    expect(npm('app')).toBe('');
    const out = npm('synth');
    for (const title of ['GPU memory', 'Cold start', 'Cost', 'Delivery', 'Who may call', 'What leaves']) {
      expect(out).toContain(title);
    }
    expect(existsSync(join(world.directory, 'cdktf.out/stacks/infra/ollama-eks.json'))).toBe(true);
    const rendered = (await world.run('render')).code;
    expect(rendered).toBe(delivery === 'argocd' ? 0 : 2);
    expect(existsSync(join(world.directory, 'argocd/ollama/Chart.yaml'))).toBe(delivery === 'argocd');
    if (delivery === 'argocd') expect((await world.run('render', '--check')).code).toBe(0);
  } finally {
    world.remove();
  }
});
