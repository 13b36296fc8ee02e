import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../support/until';
import { tool } from './tools';

/** Longest start of Envoy, in milliseconds. */
const START = 60_000;

/** A running Envoy. */
export interface Envoy {
  /** URL of its administration interface. */
  readonly admin: string;
  /** Ports of its listeners, by name. */
  readonly ports: ReadonlyMap<string, number>;
  readonly stop: () => Promise<void>;
}

/** Starts a real Envoy. Throws if it ends, or is not ready within a minute. */
export async function startEnvoy(config: object, folder: string, options: readonly string[] = []): Promise<Envoy> {
  const own = mkdtempSync(join(folder, 'envoy-'));
  const file = join(own, 'envoy.json');
  const address = join(own, 'admin');
  writeFileSync(file, JSON.stringify(config));
  const args = ['-c', file, '--admin-address-path', address, '--disable-hot-restart', '-l', 'error', ...options];
  const envoy = spawn(tool('envoy'), args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(envoy, 'exit');
  const stop = async () => {
    envoy.kill('SIGKILL');
    await ended;
  };
  let admin = '';
  const isReady = async () => {
    if (envoy.exitCode !== null) throw new Error('Envoy ended before it was ready');
    const written = existsSync(address) ? readFileSync(address, 'utf8').trim() : '';
    admin = `http://${written}`;
    return written !== '' && (await (await fetch(`${admin}/ready`)).text()) === 'LIVE\n';
  };
  try {
    await until('Envoy is ready', isReady, START);
  } catch (error) {
    await stop();
    throw error;
  }
  const listeners = await (await fetch(`${admin}/listeners`)).text();
  const ports = [...listeners.matchAll(/^(.+)::.*:(\d+)$/gm)].map(
    ([, name = '', port]) => [name, Number(port)] as const,
  );
  return { admin, ports: new Map(ports), stop };
}
