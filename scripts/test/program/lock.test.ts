import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../src/program/errors';
import { alone } from '../../src/program/lock';

const clock = { now: () => Date.now(), sleep: () => Promise.reject(new Error('a refusal waits for nothing')) };
let directory: string;
let lock: string;

beforeEach(() => {
  jest.useFakeTimers();
  directory = mkdtempSync(join(tmpdir(), 'lock-'));
  lock = join(directory, 'lock');
});

afterEach(() => {
  jest.useRealTimers();
  rmSync(directory, { recursive: true, force: true });
});

const run = <Result>(act: () => Promise<Result>) =>
  alone({ clock }, lock, () => new UsageError('in use', { remedy: 'wait' }), act);

test('a run that takes an hour keeps its lock, and leaves none', async () => {
  const other = jest.fn();
  await run(async () => {
    jest.advanceTimersByTime(3_600_000);
    await expect(run(other)).rejects.toThrow('in use');
  });
  expect(other).not.toHaveBeenCalled();
  expect(existsSync(lock)).toBe(false);
});

test('a run that fails leaves no lock and no timer', async () => {
  await expect(run(() => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');
  expect([existsSync(lock), jest.getTimerCount()]).toEqual([false, 0]);
});

test('a run goes on if someone removes the folder of its lock', async () => {
  const result = await run(() => {
    rmSync(directory, { recursive: true });
    jest.advanceTimersByTime(60_000);
    return Promise.resolve('done');
  });
  expect(result).toBe('done');
});
