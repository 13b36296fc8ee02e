import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readToolState } from '../emulators/tools';
import { BIN, Site, TOKEN } from './support/cli-site';

function filesIn(directory: string): string {
  if (!existsSync(directory)) return '';
  return readdirSync(directory)
    .map((name) => join(directory, name))
    .map((path) => (statSync(path).isDirectory() ? filesIn(path) : readFileSync(path, 'utf8')))
    .join('\n');
}

describe('ollama-eks as a process', () => {
  let site: Site;
  beforeEach(async () => {
    site = await Site.open();
  });
  afterEach(() => site.close());

  it('deploys g5-12xlarge and destroys it', async () => {
    const up = await site.run('deploy', 'g5-12xlarge', '--yes');
    expect(up.err).toMatch(/done +attachment: created/);
    expect(up.err).toMatch(/done +configuration: 20 to create/);
    expect(up.err).toMatch(/done +applications: 4 healthy/);
    expect(up.err).not.toContain('Warning: '); // of Node.js, such as one of a leak
    expect(up.err).toMatch(/done +verify: \d+ checks ok/);
    expect(up.code).toBe(0);
    const down = await site.run('destroy', 'g5-12xlarge', '--yes');
    expect({ code: down.code, err: down.err }).toMatchObject({ code: 0 });
    expect(readToolState(site.bench).stacks).toEqual({});
    expect(site.konnect.snapshot()).toMatchObject({ controlPlanes: [], networks: [], transitGateways: [] });
    expect(site.konnect.contract.misses).toEqual([]);
    const key = /^key +(\S+)$/m.exec(up.out)?.[1] ?? '';
    expect(key).toHaveLength(43);
    const said = up.err + down.out + down.err + site.journal + filesIn(site.project);
    for (const secret of [TOKEN, key]) expect(said).not.toContain(secret);
  });

  it('resumes after real kills', async () => {
    let kills = 0;
    for (const step of ['konnect', 'infrastructure', 'platform', 'attachment']) {
      const { child, end } = site.start(['deploy', 'g5-12xlarge', '--yes']);
      const killed = await killAt(child, new RegExp(`start +${step}:`));
      await end;
      if (killed) kills += 1;
    }
    const up = await site.run('deploy', 'g5-12xlarge', '--yes');
    expect(up.code === 0 ? 'done' : up.err).toBe('done');
    expect(site.konnect.snapshot()).toMatchObject({
      controlPlanes: [{ name: 'ollama-g5-12xlarge' }],
      networks: [{ state: 'ready' }],
      transitGateways: [{ state: 'ready' }],
    });
    const { child, end } = site.start(['destroy', 'g5-12xlarge', '--yes']);
    if (await killAt(child, /gone +transit gateway/)) kills += 1;
    await end;
    expect((await site.run('destroy', 'g5-12xlarge', '--yes')).code).toBe(0);
    expect(readToolState(site.bench).stacks).toEqual({});
    process.stdout.write(`SIGKILL: ${String(kills)} processes killed, correct end state\n`);
    expect(kills).toBeGreaterThanOrEqual(4);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('exits cleanly on %s', async (signal) => {
    const { child, end } = site.start(['deploy', 'g5-12xlarge', '--yes']);
    expect(await killAt(child, /start +infrastructure:/, signal)).toBe(true);
    const { code, err } = await end;
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('interrupted') });
  });

  it('starts fast: help does not load the modules of commands', async () => {
    const { code, out } = await site.run('--help');
    expect(code).toBe(0);
    expect(out).toContain('deploy');
    const loaded = await new Promise<string>((done) => {
      const child = spawn(process.execPath, [
        '-e',
        `process.argv.push('--help');require(${JSON.stringify(BIN)});process.on('exit',()=>console.log(Object.keys(require.cache).filter((k)=>/cdktf|constructs|zx\\/build/.test(k)).length))`,
      ]);
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
      child.on('close', () => done(text.trim().split('\n').at(-1) ?? ''));
    });
    expect(loaded).toBe('0');
  });
});

/** Sends a signal as soon as a line appears. Returns false if the process ended before that. */
function killAt(child: ChildProcess, line: RegExp, signal: NodeJS.Signals = 'SIGKILL'): Promise<boolean> {
  return new Promise((done) => {
    let text = '';
    const listen = (chunk: Buffer): void => {
      text += chunk.toString();
      if (!line.test(text)) return;
      child.stderr?.off('data', listen);
      done(child.kill(signal));
    };
    child.stderr?.on('data', listen);
    child.on('close', () => done(false));
  });
}
