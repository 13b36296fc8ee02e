import { usableGpuMemoryMiB } from '../../src/catalogue/gpu';
import { gpuInstanceType, type GpuInstanceType, gpuInstanceTypeNames } from '../../src/catalogue/gpu-instance-type';
import { systemInstanceType, systemInstanceTypeNames } from '../../src/catalogue/system-instance-type';
import { allocatable } from '../../src/sizing/allocatable';
import { refusal } from '../refusal';

describe('GPU instance types', () => {
  test.each([
    ['g4dn.xlarge', 'T4', 1, 0.526],
    ['g5.12xlarge', 'A10G', 4, 5.672],
    ['g6.xlarge', 'L4', 1, 0.8048],
    ['gr6.4xlarge', 'L4', 1, 1.5392],
    ['g6e.12xlarge', 'L40S', 4, 10.49264],
    ['g7.48xlarge', 'RTX PRO 4500', 8, 28.51328],
    ['g7e.2xlarge', 'RTX PRO 6000', 1, 3.36312],
    ['p4d.24xlarge', 'A100', 8, 21.957642],
    ['p5.4xlarge', 'H100', 1, 6.88],
    ['p5en.48xlarge', 'H200', 8, 63.296],
    ['p6-b200.48xlarge', 'B200', 8, 113.9328],
    ['p6-b300.48xlarge', 'B300', 8, 142.416],
  ])('%s has %s × %i at $%d an hour', (name, gpu, count, price) => {
    const type = gpuInstanceType(name);
    expect([type.gpu.name, type.gpuCount, type.pricePerHour]).toEqual([gpu, count, price]);
  });

  test('a type without an on-demand price is sold only in Capacity Blocks', () => {
    expect(gpuInstanceType('p5e.48xlarge')).toMatchObject({ capacityBlocksOnly: true, pricePerHour: undefined });
    for (const type of gpuInstanceTypeNames().map((name) => gpuInstanceType(name))) {
      expect(type.capacityBlocksOnly).toBe(type.pricePerHour === undefined);
    }
  });

  test('the EBS bandwidth of small sizes is a burst', () => {
    expect(['g5.2xlarge', 'g5.4xlarge', 'g6e.xlarge'].map((name) => gpuInstanceType(name).ebsBurst)).toEqual([
      true,
      false,
      true,
    ]);
  });

  // Karpenter's reference, "allocatable memory": the formula must return the listed figure
  test.each([
    ['g4dn.xlarge', 14481],
    ['g4dn.metal', 355262],
    ['g5.xlarge', 14162],
    ['g5.2xlarge', 29317],
    ['g5.12xlarge', 173400],
    ['g5.48xlarge', 723299],
    ['g6.16xlarge', 234021],
    ['g6e.2xlarge', 59627],
    ['g7.24xlarge', 346715],
    ['g7e.48xlarge', 1932558],
    ['p4d.24xlarge', 1082712],
    ['p5.48xlarge', 1938410],
    ['p6-b300.48xlarge', 3877198],
  ])('%s leaves %i MiB to pods', (name, memoryMiB) => {
    expect(allocatable(gpuInstanceType(name)).memoryMiB).toBe(memoryMiB);
  });

  test('80m of 4 vCPUs are reserved, and 2.5m more for each additional vCPU', () => {
    expect(allocatable(gpuInstanceType('g5.xlarge')).cpuMillis).toBe(3920);
    expect(allocatable(gpuInstanceType('g5.12xlarge')).cpuMillis).toBe(48_000 - 80 - 110);
  });

  test('every name is unique, every figure is valid', () => {
    const names = gpuInstanceTypeNames();
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      const type = gpuInstanceType(name);
      expect(gpuInstanceType(type)).toBe(type);
      expect(usableGpuMemoryMiB(type.gpu)).toBeLessThan(type.gpu.memoryMiB);
    }
  });

  test('an unknown name is refused, and similar names are suggested', () => {
    expect(refusal(() => gpuInstanceType('g5.12xlrge')).message).toBe(
      'instanceType = "g5.12xlrge": is not in the catalogue of GPU instance types; allowed: g5.12xlarge, g5.16xlarge, g5.2xlarge or another listed name; ' +
        'correct the name, or pass an object of the shape GpuInstanceType with the figures of the type',
    );
    expect(refusal(() => gpuInstanceType('x', 'gpu.instanceType')).property).toBe('gpu.instanceType');
  });

  test.each([
    ['name', { name: '${TfToken[TOKEN.1]}' }],
    ['vcpus', { vcpus: 0 }],
    ['gpuCount', { gpuCount: 1.5 }],
    ['gpu.memoryMiB', { gpu: { name: 'L4', memoryMiB: -1 } }],
    ['gpu.usableMemoryMiB', { gpu: { name: 'L4', memoryMiB: 100, usableMemoryMiB: 200 } }],
    ['gpu.memoryMiB', { gpu: { name: 'L4' } }],
    ['gpu', { gpu: undefined }],
    ['gpu', { gpu: null }],
    ['gpu', { gpu: 'L4' }],
    ['instanceStoreGB', { instanceStoreGB: Number.NaN }],
    ['instanceStoreGB', { instanceStoreGB: undefined }],
    ['efaInterfaces', { efaInterfaces: -1 }],
    ['pricePerHour', { pricePerHour: -3 }],
    ['pricePerHour', { pricePerHour: Number.NaN }],
    ['pricePerHour', { pricePerHour: Number.POSITIVE_INFINITY }],
    ['name', { name: undefined }],
    ['name', { name: 'g5g.xlarge' }],
  ])('an object with an invalid %s is refused: %j', (figure, wrong) => {
    const type = { ...gpuInstanceType('g6.xlarge'), ...wrong } as GpuInstanceType;
    expect(refusal(() => gpuInstanceType(type)).property).toBe(`instanceType.${figure}`);
  });

  test('an object without disks, EFA and price is accepted', () => {
    const type = { ...gpuInstanceType('g6.xlarge'), instanceStoreGB: 0, efaInterfaces: 0, pricePerHour: undefined };
    expect(gpuInstanceType(type)).toBe(type);
    expect(gpuInstanceType({ ...type, pricePerHour: 0 }).pricePerHour).toBe(0);
  });

  test('the error for an invalid figure', () => {
    const type = { ...gpuInstanceType('g6.xlarge'), efaInterfaces: -1 };
    expect(refusal(() => gpuInstanceType(type)).message).toBe(
      'instanceType.efaInterfaces = -1: is not a valid figure for an instance type; allowed: an integer of at least 0, known at synth; ' +
        'copy it from `aws ec2 describe-instance-types`',
    );
    expect(refusal(() => gpuInstanceType({ ...type, gpu: undefined } as unknown as GpuInstanceType)).message).toBe(
      'instanceType.gpu: is required; allowed: an object with name and memoryMiB of one GPU; pass such an object',
    );
  });

  test.each([
    ['g4ad.xlarge', 'it has AMD GPUs'],
    ['g5g.2xlarge', 'it has Arm CPUs'],
    ['p6e-gb200.36xlarge', 'it has Arm CPUs'],
    ['g6f.large', 'it has a fraction of a GPU'],
    ['gr6f.4xlarge', 'it has a fraction of a GPU'],
  ])('%s is refused because %s, and the error does not ask for figures', (name, reason) => {
    const { message } = refusal(() => gpuInstanceType(name));
    expect(message).toContain(`instanceType = "${name}": is not supported: ${reason}`);
    expect(message).toContain('choose another family');
    expect(message).not.toContain('GpuInstanceType');
  });
});

describe('system instance types', () => {
  test.each([
    ['t3.medium', 17, 3246],
    ['t3.large', 35, 6837],
    ['m6i.large', 29, 6903],
    ['m8g.xlarge', 58, 14103],
  ])('%s has %i pods and leaves %i MiB to pods', (name, pods, memoryMiB) => {
    const type = systemInstanceType(name);
    expect(type.maxPods).toBe(pods);
    // Karpenter's figures; the one for Graviton4 is slightly less than the formula's
    expect(Math.abs(allocatable(type).memoryMiB - memoryMiB)).toBeLessThan(100);
  });

  test('an unknown name is refused, an object is accepted', () => {
    expect(refusal(() => systemInstanceType('m7i.larg')).message).toContain('allowed: m7i.large, m6i.large');
    const own = { ...systemInstanceType('t3.large'), name: 't3a.large' };
    expect(systemInstanceType(own)).toBe(own);
    expect(systemInstanceTypeNames()).toContain('m7g.large');
  });
});
