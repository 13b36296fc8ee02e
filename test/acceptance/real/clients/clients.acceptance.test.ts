/** The real coding tools with the configuration that `client` writes, against a strict endpoint. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EndpointEmulator, type ToolArguments } from '../../../emulators/endpoint';
import { BIN } from '../../support/cli-site';
import { runProgram, suite, tool, type Output } from '../../support';
import { OUTPUT, REAL_TOOLS, type RealTool } from './real-tools';
import { RefusingProxy } from './refusing-proxy';

const ALIAS = 'qwen3-coder:30b-ctx64k';

/** Names of other registries: a tool must not take the host, the port or a slash for something else. */
const ALIASES = [
  ALIAS,
  'hf.co/unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF:Q4_K_M-ctx64k',
  'registry.example.com:5000/team/qwen3-coder:30b-ctx64k',
];
const KEY = 'oek_SENTINEL_0123456789abcdef';

/** Seconds of silence. The default timeouts of the tools are 300 s and more, so the nightly run sets 310. */
const SILENCE = Number(process.env['OLLAMA_EKS_SILENCE_SECONDS'] ?? 4);

/** A request budget, in seconds, that is shorter than the silence after it. */
const SHORT_BUDGET = 10;

/** Longest wait for a tool to give up, in milliseconds. */
const PATIENCE = 60_000;

const LOOPBACK = '127.0.0.1,localhost';

jest.setTimeout((4 * SILENCE + 240) * 1000);

let directory: string;
let endpoint: EndpointEmulator;
let proxy: RefusingProxy;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ollama-eks-client-'));
  mkdirSync(join(directory, 'home'));
  mkdirSync(join(directory, 'project'));
  proxy = await new RefusingProxy().start();
});

afterEach(async () => {
  await Promise.all([endpoint.stop(), proxy.stop()]);
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

describe.each(REAL_TOOLS)('$title', (real) => {
  const { name, program, path, shell, givesUp, elsewhere } = real;

  suite(`${program} against a strict endpoint`, [program], () => {
    test.each(ALIASES)('requests %s with its key, runs a tool call, and uses only routes that exist', async (alias) => {
      await serve(shell === undefined ? {} : { [shell.name]: shell.arguments }, alias);
      const { stdout, stderr } = await ask(real, { alias });
      expect(stdout + stderr).toContain('ready');
      expect(endpoint.requests.filter(({ passed }) => !passed)).toEqual([]);
      const asked = endpoint.requests.filter((request) => request.path === path);
      expect(new Set(asked.map(({ body }) => body['model']))).toEqual(new Set([alias]));
      // A tool may ask in the background after its answer, for example for a title.
      const answered = asked.filter(({ body }) => shell === undefined || JSON.stringify(body).includes(OUTPUT));
      expect(answered.at(-1)?.body['stream']).toBe(true);
      expect(without(proxy.hosts, elsewhere?.hosts)).toEqual([]);
    });

    test('waits through a silence before the first byte, and through one inside the stream', async () => {
      await serve({});
      endpoint.faults.readingTime = SILENCE * 1000;
      expect((await ask(real)).stdout).toContain('ready');
      endpoint.faults.readingTime = 0;
      endpoint.faults.pause = SILENCE * 1000;
      expect((await ask(real)).stdout).toContain('ready');
      expect(endpoint.requests.filter(({ cut }) => cut)).toEqual([]);
    });

    if (givesUp.before) {
      test('gives up on a silence before the first byte that exceeds the request budget', async () => {
        await serve({});
        endpoint.faults.readingTime = 10 * SHORT_BUDGET * 1000;
        await expectToGiveUp(real);
      });
    }

    if (givesUp.within) {
      test('gives up on a silence inside the stream that exceeds the request budget', async () => {
        await serve({});
        endpoint.faults.pause = 10 * SHORT_BUDGET * 1000;
        await expectToGiveUp(real);
      });
    }

    if (elsewhere !== undefined) {
      test('contacts no other host with the documented switch', async () => {
        await serve({});
        await ask(real, { quiet: true });
        expect(without(proxy.hosts, elsewhere.left)).toEqual([]);
      });
    }

    if (name !== undefined) {
      test('off restores the files, even if the tool has written to them since', async () => {
        await serve({});
        const files = await configure(real);
        await run(real, files);
        expect((await client('off')).stderr).toBe('');
        const left = files.filter((file) => existsSync(file) && readFileSync(file, 'utf8').includes(endpoint.url));
        expect(left).toEqual([]);
        expect((await client('status')).stdout).toContain('no tool is configured');
      });
    }
  });
});

async function serve(toolArguments: ToolArguments, alias = ALIAS): Promise<void> {
  endpoint = await new EndpointEmulator({
    models: [{ name: alias, contextLength: 65_536 }],
    apiKey: KEY,
    toolArguments,
  }).start();
}

interface Run {
  /** Model. @default - the alias of a model of Ollama's registry */
  readonly alias?: string;
  /** Request budget in seconds. @default 900 */
  readonly budget?: number;
  /** Whether to stop traffic to other hosts. @default false */
  readonly quiet?: boolean;
  readonly signal?: AbortSignal;
}

/** Configures a tool and asks it one question. */
async function ask(real: RealTool, options: Run = {}): Promise<Output> {
  return run(real, await configure(real, options), options);
}

/** Writes the configuration of a tool, and returns the files; none if it needs only variables. */
async function configure({ name }: RealTool, { budget = 900, alias = ALIAS }: Run = {}): Promise<readonly string[]> {
  if (name === undefined) return [];
  const { stdout } = await client(name, '--model', alias, '--request-timeout', String(budget), '--json');
  return (JSON.parse(stdout) as { files: { file: string }[] }).files.map(({ file }) => file);
}

/** Asks a configured tool one question. */
async function run(real: RealTool, files: readonly string[], { quiet, signal, alias }: Run = {}): Promise<Output> {
  const { args = [], variables = {} } = (quiet ? real.elsewhere : undefined) ?? {};
  return runProgram(tool(real.program), [...real.args('Say ready.', files.at(-1) ?? ''), ...args], {
    cwd: join(directory, 'project'),
    env: {
      ...environment(),
      ...(real.name === undefined && (await printedVariables(alias))),
      ...variables,
      [real.keyVariable]: KEY,
    },
    ...(signal && { signal }),
  });
}

/** Variables that `client env` prints. */
async function printedVariables(alias = ALIAS): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await client('env', '--model', alias, '--json');
  return JSON.parse(stdout) as Readonly<Record<string, string>>;
}

/** Runs our command line. */
function client(...args: string[]): Promise<Output> {
  return runProgram(process.execPath, [BIN, '--proxy-url', endpoint.url, 'client', ...args], {
    cwd: join(directory, 'project'),
    env: { ...environment(), OLLAMA_EKS_API_KEY: KEY },
  });
}

/** An environment without any settings of this machine, whose only way to other hosts is the proxy. */
function environment(): Readonly<Record<string, string | undefined>> {
  return {
    ...Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined] as const)),
    HTTP_PROXY: proxy.url,
    HTTPS_PROXY: proxy.url,
    http_proxy: proxy.url,
    https_proxy: proxy.url,
    NO_PROXY: LOOPBACK,
    no_proxy: LOOPBACK,
    PATH: process.env['PATH'],
    HOME: join(directory, 'home'),
  };
}

/** A tool that has given up may ask again, so only its disconnect counts. */
async function expectToGiveUp(real: RealTool): Promise<void> {
  const stop = new AbortController();
  const running = ask(real, { budget: SHORT_BUDGET, signal: stop.signal }).catch((error: unknown) => error);
  const hasGivenUp = () => endpoint.requests.some(({ cut, path }) => cut && path === real.path);
  const deadline = Date.now() + PATIENCE;
  while (!hasGivenUp() && Date.now() < deadline) await sleep(200);
  const gaveUp = hasGivenUp();
  stop.abort();
  await running;
  expect(gaveUp).toBe(true);
}

function without(hosts: readonly string[], known: readonly string[] = []): readonly string[] {
  return hosts.filter((host) => !known.includes(host));
}
