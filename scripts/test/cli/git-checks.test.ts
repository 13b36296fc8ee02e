import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runChecks } from '../../src/checks/findings';
import { gitChecks } from '../../src/doctor/git-checks';
import { Masker } from '../../src/program/masker';
import { ZxRunner } from '../../src/program/process';
import { Reporter } from '../../src/program/reporter';
import type { Project } from '../../src/project/project';

const SOURCE = { repoURL: 'https://git.example.com/acme/platform', targetRevision: 'v1.4.0' };
const VALUES = JSON.stringify({ applications: { 'ollama-root': { source: SOURCE } } });

let bin: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'ollama-eks-git-'));
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(bin, { recursive: true, force: true });
});

/** Returns what doctor finds out about the revision with a program in place of Git. */
async function revisionWith(git: string): Promise<unknown> {
  writeFileSync(join(bin, 'git'), `#!/bin/sh\n${git}\n`, { mode: 0o755 });
  const { signal } = new AbortController();
  const environment = { PATH: [bin, process.env.PATH].join(delimiter), GIT_ASKPASS: '/bin/false' };
  const stream = { write: () => true };
  const masker = new Masker();
  const context = {
    runner: new ZxRunner(masker, signal, environment),
    reporter: new Reporter({ out: stream, err: stream }, masker),
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    signal,
  };
  const platform = { resources: { helm_release: { root: { name: 'ollama-root', values: [VALUES] } } } };
  const project = { directory: bin, stacks: [platform] } as unknown as Project;
  const { findings } = await runChecks(context, gitChecks(context, project));
  return findings.find(({ id }) => id === 'git-revision');
}

test('doctor does not wait for a repository that does not answer', async () => {
  const within = AbortSignal.timeout.bind(AbortSignal);
  const timeout = jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => within(50));
  expect(await revisionWith('case "$*" in *ls-remote*) exec sleep 20 ;; esac')).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining('cannot be read from here: no answer within 20 s'),
  });
  expect(timeout).toHaveBeenCalledWith(20_000);
});

test('Git asks for no password', async () => {
  const asks = '[ "$GIT_TERMINAL_PROMPT" = 0 ] && [ -z "$GIT_ASKPASS" ] && [ -n "$GIT_SSH_COMMAND" ]';
  const found = await revisionWith(`${asks} && printf '0\\trefs/tags/v1.4.0\\n'`);
  expect(found).toMatchObject({ status: 'ok', detail: 'https://git.example.com/acme/platform has v1.4.0' });
});
