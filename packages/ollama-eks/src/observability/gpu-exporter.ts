// https://docs.nvidia.com/datacenter/dcgm/latest/gpu-telemetry/dcgm-exporter.html
import type { DaemonSet } from 'kubernetes-types/apps/v1';
import type { ConfigMap } from 'kubernetes-types/core/v1';
import { GPU_RESOURCE } from '../catalogue/gpu';
import { PINS } from '../catalogue/pins';
import type { Manifest } from '../gitops/application';
import { GPU_EXPORTER_REQUESTS } from '../sizing/telemetry-requests';
import { imageReference } from '../workload/container-image';
import { NAME_LABEL, OLLAMA, POOL_LABEL } from '../workload/names';
import { CONTAINER_SECURITY, POD_SECURITY } from '../workload/pod-security';
import { networkPolicy, tcp } from '../workload/network-policy';
import { meshedScrape } from '../workload/scrape-rules';
import { GPU_EXPORTER, GPU_METRICS_PORT, type Scraper } from '../workload/scraper';
import { environment } from '../workload/server-environment';

/** Port of DCGM's engine on the node. @see https://github.com/aws/eks-node-monitoring-agent (dcgm-server) */
const ENGINE_PORT = 5555;
const COUNTERS_PATH = '/etc/dcgm-exporter/counters';

const IMAGE = { repository: 'nvcr.io/nvidia/k8s/dcgm-exporter', tag: PINS.dcgmExporter.version };

/** Fields of DCGM, with their types and descriptions. None is a profiling field, which only one program may read at a time. */
const COUNTERS: readonly (readonly [field: string, type: 'gauge' | 'counter', help: string])[] = [
  ['DCGM_FI_DEV_GPU_UTIL', 'gauge', 'Utilization of the GPU (percent)'],
  ['DCGM_FI_DEV_FB_USED', 'gauge', 'Used memory (MiB)'],
  ['DCGM_FI_DEV_FB_FREE', 'gauge', 'Free memory (MiB)'],
  ['DCGM_FI_DEV_POWER_USAGE', 'gauge', 'Power (W)'],
  ['DCGM_FI_DEV_GPU_TEMP', 'gauge', 'Temperature (degrees Celsius)'],
  ['DCGM_FI_DEV_XID_ERRORS', 'gauge', 'Number of the last Xid error'],
];

/** A pool of GPU nodes, as the exporter needs it. */
export interface GpuNodePool {
  readonly name: string;
  readonly nodeLabels: Readonly<Record<string, string>>;
}

/**
 * Returns an exporter for each node of each pool. It has no engine of its own: it asks the one that the add-on
 * eks-node-monitoring-agent runs on every GPU node, on AL2023 and on Bottlerocket. So it needs no GPU, no privilege and no file
 * of the node, and can run in the restricted namespace of the servers. The chart of the exporter would need all of these.
 */
export function gpuExporter(pools: readonly GpuNodePool[], vpcCidr: string, scraper: Scraper): readonly Manifest[] {
  return [counters(), traffic(vpcCidr, scraper), ...pools.map(daemonSet)];
}

function counters(): Manifest {
  const object: ConfigMap & Manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: GPU_EXPORTER, namespace: OLLAMA },
    data: { 'counters.csv': COUNTERS.map((counter) => `${counter.join(', ')}\n`).join('') },
  };
  return object;
}

/** The engine listens on the node's address, which is one of the VPC. */
function traffic(vpcCidr: string, scraper: Scraper): Manifest {
  return networkPolicy({
    name: GPU_EXPORTER,
    namespace: OLLAMA,
    pods: { matchLabels: { [NAME_LABEL]: GPU_EXPORTER } },
    ingress: [meshedScrape(scraper, GPU_METRICS_PORT)],
    egress: [{ to: [{ ipBlock: { cidr: vpcCidr } }], ports: tcp(ENGINE_PORT) }],
  });
}

function daemonSet(pool: GpuNodePool): Manifest {
  const labels = { [NAME_LABEL]: GPU_EXPORTER, [POOL_LABEL]: pool.name };
  const object: DaemonSet & Manifest = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: `${GPU_EXPORTER}-${pool.name}`, namespace: OLLAMA, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          nodeSelector: { ...pool.nodeLabels },
          tolerations: [{ key: GPU_RESOURCE, operator: 'Exists', effect: 'NoSchedule' }],
          securityContext: POD_SECURITY,
          containers: [
            {
              name: 'exporter',
              image: imageReference(IMAGE, 'image'),
              env: [
                { name: 'NODE_ADDRESS', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
                { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
                ...environment({
                  DCGM_REMOTE_HOSTENGINE_INFO: `$(NODE_ADDRESS):${ENGINE_PORT}`,
                  DCGM_EXPORTER_LISTEN: `:${GPU_METRICS_PORT}`,
                  DCGM_EXPORTER_COLLECTORS: `${COUNTERS_PATH}/counters.csv`,
                  // The image sets `all`, which NVIDIA's runtime would apply.
                  NVIDIA_VISIBLE_DEVICES: 'void',
                }),
              ],
              ports: [{ name: 'metrics', containerPort: GPU_METRICS_PORT }],
              resources: {
                requests: {
                  cpu: `${GPU_EXPORTER_REQUESTS.cpuMillis}m`,
                  memory: `${GPU_EXPORTER_REQUESTS.memoryMiB}Mi`,
                },
                limits: { memory: '256Mi' },
              },
              securityContext: CONTAINER_SECURITY,
              volumeMounts: [
                { name: 'counters', mountPath: COUNTERS_PATH, readOnly: true },
                { name: 'tmp', mountPath: '/tmp' },
              ],
            },
          ],
          volumes: [
            { name: 'counters', configMap: { name: GPU_EXPORTER } },
            { name: 'tmp', emptyDir: {} },
          ],
        },
      },
    },
  };
  return object;
}
