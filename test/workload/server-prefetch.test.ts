import { chmodSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODER, CODER_32K, LLAMA, LLAMA_8K, Pod } from './emulated-pod';
import { until } from '../support/until';

const MIB = 2 ** 20;

/** A part of a file that was read, in MiB. */
interface Part {
  readonly file: string;
  readonly from: number;
  readonly size: number;
}

/** Replaces `dd` by one that records its arguments, and waits as long as a file named `hold` exists. */
function recordReads(pod: Pod): void {
  const dd = join(pod.directory, 'bin', 'dd');
  const lines = [
    '#!/bin/sh',
    `echo "$@" >>${pod.directory}/reads`,
    `while [ -e ${pod.directory}/hold ]; do sleep 0.01; done`,
  ];
  writeFileSync(dd, `${lines.join('\n')}\n`);
  chmodSync(dd, 0o755);
}

function reads(pod: Pod): readonly Part[] {
  const file = join(pod.directory, 'reads');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const argument = (name: string) => new RegExp(`\\b${name}=(\\S+)`).exec(line)?.[1] ?? '';
      expect(argument('bs')).toBe('1M');
      return { file: argument('if'), from: Number(argument('skip')), size: Number(argument('count')) };
    })
    .sort((one, other) => one.from - other.from);
}

/** Sets the size of a model's weights on the disk, and returns their file. */
function resize(pod: Pod, model: string, bytes: number): string {
  const digest = pod.server.store.find(model)?.manifest.layers[0]?.digest ?? '';
  const blob = join(pod.directory, 'models', 'blobs', digest.replace(':', '-'));
  truncateSync(blob, bytes);
  return blob;
}

describe('a server that starts', () => {
  let pod: Pod;

  beforeEach(async () => {
    pod = await new Pod([CODER_32K, LLAMA_8K]).start();
    recordReads(pod);
  });
  afterEach(() => pod.stop());

  test('has the weights read by several readers, each part once', async () => {
    await pod.kept();
    const large = resize(pod, CODER.name, 300 * MIB + 1);
    const small = resize(pod, LLAMA.name, 10);
    await pod.restartServer();
    await until('read', () => reads(pod).length === 6);
    expect(reads(pod)).toEqual(
      expect.arrayContaining([
        ...[0, 64, 128, 192, 256].map((from) => ({ file: large, from, size: 64 })),
        { file: small, from: 0, size: 64 },
      ]),
    );
  });

  test('does not wait for the readers', async () => {
    await pod.kept();
    writeFileSync(join(pod.directory, 'hold'), '');
    resize(pod, CODER.name, 1024 * MIB);
    expect((await pod.restartServer()).code).toBe(0);
    await until('reading', () => reads(pod).length === 8);
  });

  test('has no more read than its memory can hold, in the order of the models', async () => {
    await pod.kept();
    const large = resize(pod, CODER.name, 300 * MIB);
    await pod.restartServer({ PREFETCH_MIB: '128' });
    await until('read', () => reads(pod).length === 2);
    expect(reads(pod).map(({ file, from }) => [file, from])).toEqual([
      [large, 0],
      [large, 64],
    ]);
  });

  test('reads nothing before the models are pulled', async () => {
    expect(await pod.restartServer()).toEqual({ code: 0, output: 'serving\n' });
    expect(reads(pod)).toEqual([]);
  });
});
