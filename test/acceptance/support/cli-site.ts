// The command line as users run it: a separate process, with executables on PATH and Konnect behind HTTP.
import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { EndpointEmulator } from '../../emulators/endpoint';
import { KonnectEmulator, ScaledClock, serve, TIMELINE, type KonnectServer } from '../../emulators/konnect';
import { writeExecutables, type ToolBench } from '../../emulators/tools';

export const BIN = resolve(__dirname, '../../../scripts/bin/ollama-eks.js');
/** A sentinel that looks like a token and must not appear anywhere. */
export const TOKEN = 'kpat_SENTINEL_of_a_process_0123456789';

/** Program of the deployed example, built by `npm run build`. */
const EXAMPLE = 'g5-12xlarge';

/** Virtual seconds per real second: an hour takes seconds. */
const SPEED = 400;

/** How a process ended. */
export interface End {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Waits until a process has ended. */
export async function endOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<End> {
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, out, err }));
  });
}

/** Everything that a process of the command line talks to. */
export class Site {
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
    writeExample(join(site.project, 'examples', EXAMPLE));
    writeFileSync(join(site.project, 'clock.js'), clockPreload());
    return site;
  }

  /** @param program program and arguments that start the command line */
  public start(
    args: readonly string[],
    [node, bin]: readonly [string, string] = [process.execPath, BIN],
  ): { child: ChildProcess; end: Promise<End> } {
    const child = spawn(node, ['--require', join(this.project, 'clock.js'), bin, ...args], {
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
    return { child, end: endOf(child) };
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

/** Writes the example's project file to a folder with a separate output. */
function writeExample(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const program = resolve(__dirname, '../../../examples', EXAMPLE, 'lib/main.js');
  writeFileSync(join(directory, 'cdktf.json'), JSON.stringify({ language: 'typescript', app: `node ${program}` }));
}

/** The command line waits in real time; timers run faster, so that an hour takes seconds. */
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

/** Kong with Ollama behind it, which accepts the key that Konnect has. */
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
