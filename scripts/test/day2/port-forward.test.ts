import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Masker } from '../../src/program/masker';
import { ZxRunner } from '../../src/program/process';
import { ToolError } from '../../src/program/tool-error';
import { Kubectl } from '../../src/systems/kubectl';
import { withPort } from '../../src/systems/port-forward';

/** What a real child does: announces that it listens, and runs until it is stopped. */
const LISTENS = '#!/bin/sh\necho "$$" >"$PID_FILE"\necho "Forwarding from 127.0.0.1:41234 -> 11434"\nexec sleep 60\n';
const REFUSES = '#!/bin/sh\necho "error: pods not found" >&2\nexit 1\n';
const LOSES =
  '#!/bin/sh\necho "Forwarding from 127.0.0.1:41234 -> 11434"\nsleep 0.1\necho "error: lost connection to pod" >&2\nexit 1\n';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ollama-eks-forward-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const TARGET = { namespace: 'ollama', object: 'pod/ollama-0', port: 11_434 };

function kubectl(script: string): Kubectl {
  const file = join(directory, 'kubectl');
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  const environment = {
    ...process.env,
    PATH: `${directory}:${process.env['PATH'] ?? ''}`,
    PID_FILE: join(directory, 'pid'),
  };
  return new Kubectl({ runner: new ZxRunner(new Masker(), new AbortController().signal, environment) });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('the port is handed over once kubectl listens, and the child is gone when it is done with', async () => {
  const pid = await withPort(kubectl(LISTENS), TARGET, (port) => {
    expect(port).toBe(41_234);
    const child = Number(readFileSync(join(directory, 'pid'), 'utf8'));
    expect(isRunning(child)).toBe(true);
    return Promise.resolve(child);
  });
  expect(isRunning(pid)).toBe(false);
});

test('the child is gone, too, when what makes use of it fails', async () => {
  const failing = withPort(kubectl(LISTENS), TARGET, () => Promise.reject(new Error('mine')));
  await expect(failing).rejects.toThrow('mine');
  expect(isRunning(Number(readFileSync(join(directory, 'pid'), 'utf8')))).toBe(false);
});

test('a child that ends before it listens is an error with what it said', async () => {
  await expect(withPort(kubectl(REFUSES), TARGET, () => Promise.resolve())).rejects.toThrow(/pods not found/);
  await expect(withPort(kubectl(REFUSES), TARGET, () => Promise.resolve())).rejects.toBeInstanceOf(ToolError);
  expect(existsSync(join(directory, 'pid'))).toBe(false);
});

test('a connection that is lost is reported through the signal', async () => {
  await withPort(kubectl(LOSES), TARGET, async (_, lost) => {
    await new Promise((resolve) => lost.addEventListener('abort', resolve, { once: true }));
    expect(lost.aborted).toBe(true);
  });
});
