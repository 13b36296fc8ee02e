/**
 * GPU instance types, and families that are not supported. The hardware figures are from `INSTANCE_HARDWARE`, the prices from
 * `INSTANCE_PRICES`. p3 (Volta) is left out: the 580 drivers of the EKS images are the last that support it.
 */
import type { Gpu } from './gpu';

// Memory as DescribeInstanceTypes lists it. The T4's is nominal, so its usable memory is set: Ollama's log on a g4dn says
// `inference compute … name="Tesla T4" total="14.6 GiB" available="14.5 GiB"`.
const T4: Gpu = { name: 'T4', memoryMiB: 16_384, usableMemoryMiB: 14_848 };
const A10G: Gpu = { name: 'A10G', memoryMiB: 22_888 };
const L4: Gpu = { name: 'L4', memoryMiB: 22_888 };
const L40S: Gpu = { name: 'L40S', memoryMiB: 45_776 };
const RTX_PRO_4500: Gpu = { name: 'RTX PRO 4500', memoryMiB: 32_768 };
const RTX_PRO_6000: Gpu = { name: 'RTX PRO 6000', memoryMiB: 98_304 };
const A100_40GB: Gpu = { name: 'A100', memoryMiB: 40_960 };
const A100_80GB: Gpu = { name: 'A100', memoryMiB: 81_920 };
const H100: Gpu = { name: 'H100', memoryMiB: 81_920 };
const H200: Gpu = { name: 'H200', memoryMiB: 144_384 };
const B200: Gpu = { name: 'B200', memoryMiB: 183_359 };
const B300: Gpu = { name: 'B300', memoryMiB: 275_040 };

/** Columns of `GPU_INSTANCE_TYPES`. */
export type GpuInstanceTypeRow = readonly [
  name: string,
  vcpus: number,
  memoryGiB: number,
  gpu: Gpu,
  gpuCount: number,
  instanceStoreGB: number,
  ebsMbps: number,
  networkMbps: number,
  efaInterfaces: number,
  maxPods: number,
  price: number | 'Capacity Blocks',
  ebs?: 'EBS burst',
];

/**
 * One row per type. `EBS burst`: the EBS bandwidth is a burst of 30 minutes, available at least once in 24 hours.
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html (Amazon EBS specifications)
 */
// prettier-ignore
export const GPU_INSTANCE_TYPES: readonly GpuInstanceTypeRow[] = [
  // name, vCPUs, GiB, GPU, GPUs, NVMe GB, EBS Mbit/s, network Mbit/s, EFA, pods, USD/h
  ['g4dn.xlarge', 4, 16, T4, 1, 125, 3500, 5000, 0, 29, 0.526, 'EBS burst'],
  ['g4dn.2xlarge', 8, 32, T4, 1, 225, 3500, 10_000, 0, 29, 0.752, 'EBS burst'],
  ['g4dn.4xlarge', 16, 64, T4, 1, 225, 4750, 20_000, 0, 29, 1.204],
  ['g4dn.8xlarge', 32, 128, T4, 1, 900, 9500, 50_000, 1, 58, 2.176],
  ['g4dn.12xlarge', 48, 192, T4, 4, 900, 9500, 50_000, 1, 234, 3.912],
  ['g4dn.metal', 96, 384, T4, 8, 1800, 19_000, 100_000, 1, 737, 7.824],
  ['g5.xlarge', 4, 16, A10G, 1, 250, 3500, 2500, 0, 58, 1.006, 'EBS burst'],
  ['g5.2xlarge', 8, 32, A10G, 1, 450, 3500, 5000, 0, 58, 1.212, 'EBS burst'],
  ['g5.4xlarge', 16, 64, A10G, 1, 600, 4750, 10_000, 0, 234, 1.624],
  ['g5.8xlarge', 32, 128, A10G, 1, 900, 16_000, 25_000, 1, 234, 2.448],
  ['g5.12xlarge', 48, 192, A10G, 4, 3800, 16_000, 40_000, 1, 737, 5.672],
  ['g5.16xlarge', 64, 256, A10G, 1, 1900, 16_000, 25_000, 1, 234, 4.096],
  ['g5.24xlarge', 96, 384, A10G, 4, 3800, 19_000, 50_000, 1, 737, 8.144],
  ['g5.48xlarge', 192, 768, A10G, 8, 7600, 19_000, 100_000, 1, 345, 16.288],
  ['g6.xlarge', 4, 16, L4, 1, 250, 5000, 2500, 0, 58, 0.8048, 'EBS burst'],
  ['g6.2xlarge', 8, 32, L4, 1, 450, 5000, 5000, 0, 58, 0.9776, 'EBS burst'],
  ['g6.4xlarge', 16, 64, L4, 1, 600, 8000, 10_000, 0, 234, 1.3232],
  ['g6.8xlarge', 32, 128, L4, 1, 900, 16_000, 25_000, 1, 234, 2.0144],
  ['g6.12xlarge', 48, 192, L4, 4, 3760, 20_000, 40_000, 1, 234, 4.6016],
  ['g6.16xlarge', 64, 256, L4, 1, 1880, 20_000, 25_000, 1, 737, 3.3968],
  ['g6.24xlarge', 96, 384, L4, 4, 3760, 30_000, 50_000, 1, 737, 6.6752],
  ['g6.48xlarge', 192, 768, L4, 8, 7520, 60_000, 100_000, 1, 737, 13.3504],
  ['gr6.4xlarge', 16, 128, L4, 1, 600, 8000, 10_000, 0, 234, 1.5392],
  ['gr6.8xlarge', 32, 256, L4, 1, 900, 16_000, 25_000, 1, 234, 2.4464],
  ['g6e.xlarge', 4, 32, L40S, 1, 250, 5000, 2500, 0, 58, 1.861, 'EBS burst'],
  ['g6e.2xlarge', 8, 64, L40S, 1, 450, 5000, 5000, 0, 58, 2.24208, 'EBS burst'],
  ['g6e.4xlarge', 16, 128, L40S, 1, 600, 8000, 20_000, 0, 234, 3.00424],
  ['g6e.8xlarge', 32, 256, L40S, 1, 900, 16_000, 25_000, 1, 234, 4.52856],
  ['g6e.12xlarge', 48, 384, L40S, 4, 3800, 20_000, 100_000, 1, 292, 10.49264],
  ['g6e.16xlarge', 64, 512, L40S, 1, 1900, 20_000, 35_000, 1, 737, 7.57719],
  ['g6e.24xlarge', 96, 768, L40S, 4, 3800, 30_000, 200_000, 2, 492, 15.06559],
  ['g6e.48xlarge', 192, 1536, L40S, 8, 7600, 60_000, 400_000, 4, 492, 30.13118],
  ['g7.2xlarge', 8, 32, RTX_PRO_4500, 1, 440, 8000, 60_000, 0, 254, 2.52],
  ['g7.4xlarge', 16, 64, RTX_PRO_4500, 1, 875, 8000, 60_000, 0, 506, 3.04208],
  ['g7.8xlarge', 32, 128, RTX_PRO_4500, 1, 930, 16_000, 80_000, 1, 632, 4.08624],
  ['g7.12xlarge', 48, 192, RTX_PRO_4500, 2, 1900, 20_000, 175_000, 1, 758, 7.12832],
  ['g7.24xlarge', 96, 384, RTX_PRO_4500, 4, 3800, 40_000, 350_000, 1, 1514, 14.25664],
  ['g7.48xlarge', 192, 768, RTX_PRO_4500, 8, 7600, 80_000, 700_000, 2, 758, 28.51328],
  ['g7e.2xlarge', 8, 64, RTX_PRO_6000, 1, 1900, 5000, 50_000, 0, 254, 3.36312, 'EBS burst'],
  ['g7e.4xlarge', 16, 128, RTX_PRO_6000, 1, 1900, 8000, 50_000, 0, 506, 3.99816],
  ['g7e.8xlarge', 32, 256, RTX_PRO_6000, 1, 1900, 16_000, 100_000, 1, 506, 5.26824],
  ['g7e.12xlarge', 48, 512, RTX_PRO_6000, 2, 3800, 25_000, 400_000, 1, 632, 8.28608],
  ['g7e.24xlarge', 96, 1024, RTX_PRO_6000, 4, 7600, 50_000, 800_000, 2, 632, 16.57216],
  ['g7e.48xlarge', 192, 2048, RTX_PRO_6000, 8, 15_200, 100_000, 1_600_000, 4, 632, 33.14432],
  ['p4d.24xlarge', 96, 1152, A100_40GB, 8, 8000, 19_000, 400_000, 4, 737, 21.957642],
  ['p4de.24xlarge', 96, 1152, A100_80GB, 8, 8000, 19_000, 400_000, 4, 737, 27.44705],
  ['p5.4xlarge', 16, 256, H100, 1, 3800, 10_000, 100_000, 1, 118, 6.88],
  ['p5.48xlarge', 192, 2048, H100, 8, 30_400, 80_000, 3_200_000, 32, 100, 55.04],
  ['p5e.48xlarge', 192, 2048, H200, 8, 30_400, 80_000, 3_200_000, 32, 100, 'Capacity Blocks'],
  ['p5en.48xlarge', 192, 2048, H200, 8, 30_400, 100_000, 3_200_000, 16, 198, 63.296],
  ['p6-b200.48xlarge', 192, 2048, B200, 8, 30_400, 100_000, 3_200_000, 8, 198, 113.9328],
  ['p6-b300.48xlarge', 192, 4096, B300, 8, 30_400, 100_000, 6_400_000, 16, 198, 142.416],
];

const AMD = 'it has AMD GPUs, but the node image and the device plugin are for NVIDIA GPUs';
const ARM = 'it has Arm CPUs, but the node image is for x86_64';
const FRACTION = 'it has a fraction of a GPU, but each server needs whole GPUs';

/**
 * GPU families that are not supported, whatever figures are passed, and the reason for each.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html (instance types of each image)
 */
export const UNSUPPORTED_FAMILIES: ReadonlyMap<string, string> = new Map([
  ['g4ad', AMD],
  ['g5g', ARM],
  ['p6e-gb200', ARM],
  ['p6e-gb300', ARM],
  ['g6f', FRACTION],
  ['gr6f', FRACTION],
]);
