/** Compares every figure of the catalogue with the table that it was copied from, to find typos. */
import {
  allocatable,
  gpuInstanceType,
  gpuInstanceTypeNames,
  kvCacheBytes,
  modelFigures,
  modelNames,
  systemInstanceType,
} from '@org/ollama-eks';
import { describeReference, fencedRows, markdownTable, numberIn, type TableRow } from './support/reference-tables';

describeReference('aws-eks.md', 'GPU instance types', (text) => {
  // name | vCPU | GiB | GPU×n | MiB each (GiB in all) | NVMe GB | EBS Mbit/s | network Mbit/s | EFA | pods | allocatable Mi | $/h
  const rows = fencedRows(text, '## 3. GPU catalogue', /^[a-z]\w*(-\w+)?\.\w+ *\|/, '|');
  const nameOf = (name = ''): string => name.replace(/\.48xl$/, '.48xlarge');

  it('all are listed', () => {
    expect(rows.length).toBeGreaterThan(50);
    expect(gpuInstanceTypeNames()).toEqual(expect.arrayContaining(rows.map(([name]) => nameOf(name))));
  });

  it.each(rows)('%s', (name, vcpus, memory, gpus, gpuMemory, nvme, ebs, network, efa, pods, memoryLeft, price) => {
    const [gpu, count] = gpus.split('×');
    const type = gpuInstanceType(nameOf(name));
    expect({ ...type, gpu: [type.gpu.name.replaceAll(' ', ''), type.gpu.memoryMiB] }).toEqual({
      name: nameOf(name),
      vcpus: numberIn(vcpus),
      memoryGiB: numberIn(memory),
      gpu: [gpu, numberIn(gpuMemory)],
      gpuCount: numberIn(count),
      instanceStoreGB: numberIn(nvme),
      ebsMbps: numberIn(ebs),
      ebsBurst: type.ebsBurst,
      networkMbps: numberIn(network),
      efaInterfaces: efa === '-' ? 0 : numberIn(efa),
      maxPods: numberIn(pods),
      pricePerHour: price.startsWith('none') ? undefined : numberIn(price),
      capacityBlocksOnly: price.startsWith('none'),
    });
    expect(allocatable(type).memoryMiB).toBe(numberIn(memoryLeft));
  });

  it('sizes with an EBS burst have the rate of the reference', () => {
    const rates = [...text.matchAll(/(g\w+\.xlarge)\/2xlarge (\d+);/g)];
    expect(rates.length).toBeGreaterThan(0);
    for (const [, name, rate] of rates) {
      const type = gpuInstanceType(name ?? '');
      expect([type.ebsBurst, Math.floor(type.ebsMbps / 8)]).toEqual([true, Number(rate)]);
    }
  });
});

describeReference('aws-eks.md', 'system instance types', (text) => {
  const lines = /^System nodes: (.*)\.$/m.exec(text)?.[1]?.split('; ') ?? [];

  it.each(lines)('%s', (line) => {
    const [name = '', figures = ''] = line.split(/ (.*)/);
    const type = systemInstanceType(name);
    const pods = /^(\d+)(?: pods)?\//.exec(figures)?.[1];
    const price = /(?:^|\/)\$?(\d+\.\d+)$/.exec(figures)?.[1];
    expect(pods !== undefined || price !== undefined).toBe(true);
    expect(type.maxPods).toBe(pods === undefined ? type.maxPods : Number(pods));
    expect(type.pricePerHour).toBe(price === undefined ? type.pricePerHour : Number(price));
  });
});

describeReference('models.md', 'models', (text) => {
  const sizes = markdownTable(text, '## 1. Size on disk');
  const architectures = markdownTable(text, '## 2. Architecture');
  const rowOf = (rows: readonly TableRow[], tag: string): TableRow => {
    const row = rows.find((one) => one['tag'] === tag);
    if (row === undefined) throw new Error(`no row ${tag}`);
    return row;
  };

  const tags = sizes.map((row) => row['tag'] ?? '');

  it('all are listed', () => {
    expect(tags.length).toBeGreaterThan(30);
    expect(architectures.map(({ tag }) => tag)).toEqual(tags);
    expect(modelNames()).toEqual(expect.arrayContaining(tags));
  });

  it.each(tags)('%s: size, quantization and their verification', (name) => {
    const row = rowOf(sizes, name);
    const { bytes, quantization, verification } = modelFigures(name);
    const exact = row['bytes, all layers']?.startsWith('unknown') === false;
    expect(bytes).toBe(exact ? numberIn(row['bytes, all layers']) : numberIn(row['GB (10^9 B)']) * 1e9);
    expect(quantization).toBe(row['quant']?.replace('?', ''));
    const known = { V: 'verified', 'V*': 'copied', 'V-rounded': 'rounded' }[row['size mark'] ?? ''];
    // if a part of the architecture is general knowledge (K), the verification of the size does not matter
    const general = rowOf(architectures, name)['source']?.startsWith('K') === true || name === 'qwen3-coder:480b';
    expect(verification).toBe(general ? 'unverified' : known);
  });

  it.each(tags)('%s: architecture', (name) => {
    const row = rowOf(architectures, name);
    const figures = modelFigures(name);
    const headLength = numberIn(row['head_dim (K=V)']);
    const windows = (figures.cachedLayers ?? []).find(({ window }) => window !== undefined);
    const windowLayers = windows?.layers ?? 0;
    const none = row['SWA window'] === '–';
    expect(figures).toMatchObject({
      blockCount: numberIn(row['layers']),
      headCount: numberIn(row['heads']),
      headCountKv: numberIn(row['KV heads']),
      keyLength: headLength,
      valueLength: headLength,
      embeddingLength: numberIn(row['hidden']),
      contextLength: numberIn(row['context (GGUF)']),
    });
    expect(windows?.window).toBe(none ? undefined : numberIn(row['SWA window']));
    expect(figures.blockCount - windowLayers).toBe(numberIn(row['full-attention layers']));
    const [layers, perCell] = (row['SWA layers × B/cell'] ?? '').split('×');
    expect(windowLayers).toBe(none ? 0 : numberIn(layers));
    const use = { parallel: 1, type: 'f16', batch: 512 } as const;
    const cache = (contextLength: number): number => kvCacheBytes(figures, { ...use, contextLength });
    expect((cache(16_384) - cache(8192)) / 8192).toBe(numberIn(row['KV B/token, full layers, f16']));
    if (!none) {
      const small = cache(256) / 256 - numberIn(row['KV B/token, full layers, f16']);
      expect(small).toBe(windowLayers * numberIn(perCell));
    }
  });
});
