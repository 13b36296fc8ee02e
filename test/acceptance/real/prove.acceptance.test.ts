/** What `ollama-eks prove` measures of a real Ollama, with a tiny model on the CPU. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Findings } from '../../../scripts/src/checks/findings';
import { runProgram, suite, workDir } from '../support';
import { ModelRegistry } from '../support/model-registry';
import { OllamaInstallation } from '../support/ollama-installation';
import { OllamaPod } from '../support/ollama-pod';

jest.setTimeout(1_800_000);

const BIN = resolve(__dirname, '../../../scripts/bin/ollama-eks.js');
const TURNS = 20;
/** The tiny model has a token for each character, so prompts of few lines are long. */
const CONTEXT = 8192;
const KEY = 'oek_SENTINEL_0123456789abcdef';

/** The parts of a proof that are expected of every Ollama. */
interface Proof {
  readonly models: readonly {
    readonly contextLength: number;
    readonly loads: readonly {
      readonly clients: number;
      readonly turns: number;
      readonly tokensPerSecond: number;
      readonly cacheHits: { readonly hits: number; readonly of: number };
      readonly failures: readonly string[];
      readonly byTurn: readonly { readonly promptTokens: number }[];
    }[];
  }[];
  readonly checks: readonly { readonly id: string; readonly status: string; readonly figures: object }[];
  readonly versions: { readonly ollama: string };
  readonly limits: readonly string[];
}

suite('prove with the real Ollama', ['ollama'], () => {
  let registry: ModelRegistry;
  let pod: OllamaPod;
  let proof: Proof;

  // Before the folder is removed, in which the pod writes.
  afterAll(async () => {
    await pod.stop();
    await registry.stop();
  });
  const folder = workDir();

  beforeAll(async () => {
    registry = await ModelRegistry.start(folder);
    pod = await OllamaPod.create({ folder, ollama: new OllamaInstallation(folder), registry, contextLength: CONTEXT });
    await pod.startServer();
    await pod.kept();
    const out = join(folder, 'proof');
    await runProgram(
      process.execPath,
      [
        ...[BIN, 'prove', '--out', out, '--turns', String(TURNS), '--clients', '1', '2'],
        ...['--model', pod.alias, '--emulated', 'Kong, the gateway and the GPU'],
      ],
      // A model of random weights calls no tool and repeats no code word.
      { cwd: folder, env: { OLLAMA_EKS_URL: pod.url, OLLAMA_EKS_API_KEY: KEY }, exitCodes: [6] },
    );
    proof = JSON.parse(readFileSync(join(out, 'proof.json'), 'utf8')) as Proof;
  });

  test('every turn of every conversation is answered, and fits the context', () => {
    const { contextLength, loads } = proof.models[0] ?? { contextLength: 0, loads: [] };
    expect(contextLength).toBe(CONTEXT);
    for (const { clients, turns, failures, byTurn } of loads) {
      expect([turns, failures]).toEqual([clients * TURNS, []]);
      expect(byTurn.at(-1)?.promptTokens).toBeLessThan(contextLength);
      expect(byTurn.at(-1)?.promptTokens).toBeGreaterThan(byTurn[0]?.promptTokens ?? contextLength);
    }
  });

  test('the times that Ollama reports show that a growing prompt is read from the cache', () => {
    const [one] = proof.models[0]?.loads ?? [];
    expect(one?.tokensPerSecond).toBeGreaterThan(0);
    expect(one?.cacheHits).toEqual({ hits: TURNS - 1, of: TURNS - 1 });
  });

  test('the context is read in full, and the version is that of the server', () => {
    expect(proof.checks.find(({ id }) => id.startsWith('context'))).toMatchObject({
      status: 'ok',
      figures: { promisedTokens: CONTEXT },
    });
    expect(proof.versions.ollama).toMatch(/^0\.\d+\.\d+/);
  });

  test('verify --isolation finds no text of another prompt in any answer', async () => {
    const { stdout } = await runProgram(
      process.execPath,
      [BIN, '--json', 'verify', '--isolation', '--no-inside', '--model', pod.alias],
      {
        cwd: folder,
        env: { OLLAMA_EKS_URL: pod.url, OLLAMA_EKS_API_KEY: KEY, OLLAMA_EKS_SECOND_API_KEY: `${KEY}2` },
        exitCodes: [0, 6], // Ollama itself refuses no key
      },
    );
    const { findings } = JSON.parse(stdout) as Findings;
    // A model of random weights repeats no code word, so the finding is a warning.
    expect(findings.find(({ id }) => id.startsWith('isolation'))).toMatchObject({
      status: 'warn',
      evidence: { answers: 24, leaks: 0, keys: 2 },
    });
    expect(stdout).not.toContain(KEY);
  });

  test('the page says that the GPU was emulated', () => {
    expect(proof.limits[0]).toBe('Emulated: Kong, the gateway and the GPU; no figure here describes the real one');
  });
});
