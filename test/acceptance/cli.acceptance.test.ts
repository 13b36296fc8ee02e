// The command line as people run it: a process of its own, with executables on the PATH and Konnect behind HTTP.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { EndpointEmulator } from '../emulators/endpoint';
import { KonnectEmulator, ScaledClock, serve, TIMELINE, type KonnectServer } from '../emulators/konnect';
import { readToolState, writeExecutables, writeProject, type ToolBench } from '../emulators/tools';

const BIN = resolve(__dirname, '../../scripts/lib/bin.js');
const TOKEN = 'kpat_SENTINEL_of_a_process_0123456789';

/** Virtual seconds in a real one: an hour takes seconds. */
const SPEED = 400;

interface End {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

class Site {
  public readonly directory = mkdtempSync(join(tmpdir(), 'ollama-eks-e2e-'));
  public readonly project = join(this.directory, 'project');

  private constructor(
    public readonly konnect: KonnectEmulator,
    private readonly server: KonnectServer,
    private readonly endpoint: EndpointEmulator,
  ) {}

  public bench!: ToolBench;

  public static async open(): Promise<Site> {
    const clock = new ScaledClock(SPEED);
    const konnect = new KonnectEmulator({ clock, token: TOKEN, timeline: TIMELINE });
    const endpoint = await endpointOf(konnect).start();
    const site = new Site(konnect, await serve(konnect, clock), endpoint);
    site.bench = writeExecutables(site.directory, site.server.url, SPEED);
    writeProject(join(site.project, 'examples', 'g5-12xlarge'));
    writeFileSync(join(site.project, 'clock.js'), clockPreload());
    return site;
  }

  public start(args: readonly string[]): { child: ChildProcess; end: Promise<End> } {
    const child = spawn(process.execPath, ['--require', join(this.project, 'clock.js'), BIN, ...args], {
      cwd: this.project,
      env: {
        PATH: [this.bench.bin, process.env['PATH']].join(delimiter),
        HOME: this.directory,
        KONNECT_TOKEN: TOKEN,
        KONNECT_GLOBAL_URL: this.server.url,
        KONNECT_REGION_URL: this.server.url,
        OLLAMA_EKS_URL: this.endpoint.url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    return { child, end: new Promise((done) => child.on('close', (code) => done({ code, out, err }))) };
  }

  public run(...args: string[]): Promise<End> {
    return this.start(args).end;
  }

  public get journal(): string {
    return readFileSync(this.bench.journal, 'utf8');
  }

  public async close(): Promise<void> {
    await this.server.close();
    await this.endpoint.stop();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The command line waits by the wall clock; so that an hour of it takes seconds, timers run faster. */
function clockPreload(): string {
  return `
const timers = require('node:timers/promises');
const slow = timers.setTimeout;
timers.setTimeout = (milliseconds, value, options) => slow(milliseconds > 1000 && milliseconds !== 60000 ? milliseconds / ${String(SPEED)} : milliseconds, value, options);
const start = Date.now();
const now = Date.now;
Date.now = () => start + (now() - start) * ${String(SPEED)};
`;
}

/** Kong with Ollama behind it: knows the key that Konnect has. */
function endpointOf(konnect: KonnectEmulator): EndpointEmulator {
  return new EndpointEmulator({
    models: [{ name: 'qwen3-coder:30b-ctx64k', contextLength: 65_536 }],
    get apiKey() {
      const [controlPlane] = konnect.world.controlPlanes.values();
      const [key] = controlPlane === undefined ? [] : konnect.entities.list(controlPlane.id, 'key-auths');
      return typeof key?.['key'] === 'string' ? key['key'] : 'no key yet';
    },
  });
}

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

  it('deploys g5-12xlarge and takes it away again', async () => {
    const up = await site.run('deploy', 'g5-12xlarge', '--yes');
    expect(up.err).toMatch(/done +attachment: created/);
    expect(up.err).toMatch(/done +configuration: 17 to create/);
    expect(up.err).toMatch(/done +applications: 4 healthy/);
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

  it('goes on after real kills', async () => {
    let kills = 0;
    for (const step of ['konnect', 'infrastructure', 'platform', 'attachment']) {
      const { child, end } = site.start(['deploy', 'g5-12xlarge', '--yes']);
      const killed = await killAt(child, new RegExp(`start +${step}:`));
      await end;
      if (killed) kills += 1;
    }
    const up = await site.run('deploy', 'g5-12xlarge', '--yes');
    expect({ code: up.code, err: up.err }).toMatchObject({ code: 0 });
    expect(site.konnect.snapshot()).toMatchObject({
      controlPlanes: [{ name: 'ollama-eks' }],
      networks: [{ state: 'ready' }],
      transitGateways: [{ state: 'ready' }],
    });
    const { child, end } = site.start(['destroy', 'g5-12xlarge', '--yes']);
    if (await killAt(child, /gone +transit gateway/)) kills += 1;
    await end;
    expect((await site.run('destroy', 'g5-12xlarge', '--yes')).code).toBe(0);
    expect(readToolState(site.bench).stacks).toEqual({});
    process.stdout.write(`SIGKILL: ${String(kills)} processes killed, end state right\n`);
    expect(kills).toBeGreaterThanOrEqual(4);
  });

  it('starts fast: help does not load what commands need', async () => {
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

/** Kills with SIGKILL as soon as a line appears; false where the process ended before. */
function killAt(child: ChildProcess, line: RegExp): Promise<boolean> {
  return new Promise((done) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (line.test(text)) done(child.kill('SIGKILL'));
    });
    child.on('close', () => done(false));
  });
}
