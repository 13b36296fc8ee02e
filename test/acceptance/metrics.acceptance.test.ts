/** Rules and dashboards in a real Prometheus: each alert fires for what it is about and for nothing else, each panel has data. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ALERTS, alertingRule, budgetAlert } from '../../packages/ollama-eks/src/observability/alerts';
import { DASHBOARDS } from '../../packages/ollama-eks/src/observability/dashboards';
import { recordingRules } from '../../packages/ollama-eks/src/observability/recording-rules';
import { rulesWithoutPodStates } from '../../packages/ollama-eks/src/observability/rule-groups';
import { scrapeConfiguration } from '../../packages/ollama-eks/src/observability/scrape-configuration';
import { toYaml } from '../../packages/ollama-eks/src/yaml';
import { until } from '../support/until';
import { suite, workDir } from './support';
import { runProgram } from './support/program';
import { tool } from './support/tools';

jest.setTimeout(120_000);

/** Name and labels of a series, with its values in promtool's notation: one each minute. */
type Series = Readonly<Record<string, string>>;

const POD = 'pod="ollama-0",pool="gpu"';
const MODEL = `${POD},alias="qwen3:8b-ctx16k"`;
const REQUEST = 'reporter="source",destination_service_name="ollama"';
const GPU = 'pool="gpu",Hostname="node-1",gpu="0"';

/** As Istio's settings of Envoy name it. */
const CERTIFICATE =
  'envoy_listener_ssl_certificate_kubernetes_gateway___istio_ingress_ollama_gateway_tls_expiration_unix_time_seconds{listener_address="0.0.0.0_443"}';

/** A healthy installation: 2 requests a second, each with 1 s for its prompt. */
const HEALTHY: Series = {
  [`ollama_server_ready{${POD}}`]: '1x125',
  [`ollama_server_last_answer_timestamp_seconds{${POD}}`]: '0+60x125',
  [`ollama_model_loaded{${MODEL}}`]: '1x125',
  [`ollama_model_size_bytes{${MODEL}}`]: '6e9x125',
  [`ollama_model_vram_bytes{${MODEL}}`]: '6e9x125',
  [`ollama_model_context_tokens{${MODEL}}`]: '16384x125',
  [`ollama_models_volume_size_bytes{${POD}}`]: '1e11x125',
  [`ollama_models_volume_available_bytes{${POD}}`]: '2e10x125',
  [`llamacpp_requests_processing{${MODEL}}`]: '2x125',
  [`llamacpp_prompt_seconds_total{${MODEL}}`]: '0+120x125',
  [`llamacpp_prompt_tokens_total{${MODEL}}`]: '0+6000x125',
  [`llamacpp_prompt_tokens_cached_total{${MODEL}}`]: '0+18000x125',
  [`llamacpp_tokens_predicted_total{${MODEL}}`]: '0+6000x125',
  [`llamacpp_tokens_predicted_seconds_total{${MODEL}}`]: '0+100x125',
  [`istio_requests_total{${REQUEST},response_code="200",response_flags="-"}`]: '0+120x125',
  [`istio_requests_total{${REQUEST},response_code="429",response_flags="UO"}`]: '0x125',
  [`istio_request_duration_milliseconds_bucket{${REQUEST},le="1000"}`]: '0+60x125',
  [`istio_request_duration_milliseconds_bucket{${REQUEST},le="+Inf"}`]: '0+120x125',
  'envoy_cluster_upstream_rq_active{cluster_name="outbound|11434||ollama.ollama.svc.cluster.local"}': '3x125',
  [CERTIFICATE]: `${String(90 * 86_400)}x125`,
  [`DCGM_FI_DEV_GPU_UTIL{${GPU}}`]: '80x125',
  [`DCGM_FI_DEV_FB_USED{${GPU}}`]: '20000x125',
  [`DCGM_FI_DEV_FB_FREE{${GPU}}`]: '2000x125',
  [`DCGM_FI_DEV_POWER_USAGE{${GPU}}`]: '200x125',
  [`DCGM_FI_DEV_GPU_TEMP{${GPU}}`]: '60x125',
  [`DCGM_FI_DEV_XID_ERRORS{${GPU}}`]: '0x125',
  'up{job="ollama/ollama-gpus",pool="gpu"}': '1x125',
  'up{job="ollama/ztunnel",pod="ztunnel-a"}': '1x125',
  'kube_pod_status_phase{namespace="ollama",phase="Pending",pod="ollama-0"}': '0x125',
  'istio_tcp_connections_opened_total{job="ollama/ztunnel",destination_workload_namespace="ollama"}': '0+60x125',
  'argocd_app_info{name="ollama",health_status="Healthy",sync_status="Synced"}': '1x125',
  'pilot_xds{job="ollama/istiod"}': '5x125',
};

/** What differs from the healthy installation when an alert fires. */
const BROKEN: Readonly<Record<string, Series>> = {
  OllamaServerNotReady: { [`ollama_server_ready{${POD}}`]: '0x125' },
  OllamaServerNotProven: { [`ollama_server_last_answer_timestamp_seconds{${POD}}`]: '0x125' },
  OllamaFirstTokenSlow: {
    'envoy_cluster_upstream_rq_active{cluster_name="outbound|11434||ollama.ollama.svc.cluster.local"}': '90x125',
  },
  OllamaQueueFull: { [`istio_requests_total{${REQUEST},response_code="429",response_flags="UO"}`]: '0+1x125' },
  OllamaGpuError: { [`DCGM_FI_DEV_XID_ERRORS{${GPU}}`]: '79x125' },
  OllamaModelSpilled: { [`ollama_model_vram_bytes{${MODEL}}`]: '5e9x125' },
  OllamaDiskNearlyFull: { [`ollama_models_volume_available_bytes{${POD}}`]: '1e9x125' },
  OllamaGatewayErrors: { [`istio_requests_total{${REQUEST},response_code="503",response_flags="UH"}`]: '0+20x125' },
  OllamaCertificateEnds: { [CERTIFICATE]: `${String(20 * 86_400)}x125` },
  OllamaScaleFailed: { 'kube_pod_status_phase{namespace="ollama",phase="Pending",pod="ollama-0"}': '1x125' },
  OllamaZtunnelNotReady: { 'up{job="ollama/ztunnel",pod="ztunnel-a"}': '0x125' },
  OllamaOverBudget: {
    'up{job="ollama/ollama-gpus",pool="gpu",pod="another"}': '1x125',
    'up{job="ollama/ollama-gpus",pool="gpu",pod="a-third"}': '1x125',
  },
};

/** One node is within the budget, three are not. */
const ALL = [...ALERTS, budgetAlert(3000)];
const RULES = {
  groups: [
    {
      name: 'ollama',
      rules: recordingRules({ pools: [{ name: 'gpu', pricePerHour: 2 }], systemNodesPerHour: 0.2 }),
    },
    { name: 'ollama-alerts', rules: ALL.map(alertingRule) },
  ],
};

interface DiscoveredPod {
  readonly ip: string;
  readonly namespace: string;
  readonly name: string;
  readonly phase?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
}

/** Pods of an installation, and others that resemble them. */
const PODS: readonly DiscoveredPod[] = [
  {
    ip: '10.0.0.1',
    namespace: 'ollama',
    name: 'ollama-0',
    labels: { 'app.kubernetes.io/name': 'ollama', 'ollama-eks/pool': 'gpu' },
    ports: [11434, 11435],
  },
  {
    ip: '10.0.0.2',
    namespace: 'ollama',
    name: 'ollama-ended',
    phase: 'Failed',
    labels: { 'app.kubernetes.io/name': 'ollama' },
    ports: [11435],
  },
  {
    ip: '10.0.0.3',
    namespace: 'other',
    name: 'ollama-0',
    labels: { 'app.kubernetes.io/name': 'ollama' },
    ports: [11435],
  },
  {
    ip: '10.0.0.4',
    namespace: 'ollama',
    name: 'exporter-a',
    labels: { 'app.kubernetes.io/name': 'ollama-gpu-exporter', 'ollama-eks/pool': 'gpu' },
    ports: [9400],
  },
  {
    ip: '10.0.0.5',
    namespace: 'istio-ingress',
    name: 'gateway-a',
    labels: { 'gateway.networking.k8s.io/gateway-name': 'ollama-gateway' },
    ports: [15020, 15021],
  },
  { ip: '10.0.0.6', namespace: 'istio-system', name: 'istiod-a', labels: { app: 'istiod' }, ports: [15012, 15014] },
  { ip: '10.0.0.7', namespace: 'istio-system', name: 'ztunnel-a', labels: { app: 'ztunnel' }, ports: [15020] },
  {
    ip: '10.0.0.8',
    namespace: 'gitops',
    name: 'controller-0',
    labels: { 'app.kubernetes.io/name': 'argocd-application-controller' },
    ports: [8082],
  },
];

/** What each job finds of them: address, path, namespace, pod, pool. */
const DISCOVERED: Readonly<Record<string, readonly string[]>> = {
  'ollama/ollama-servers': ['10.0.0.1:11435 /metrics ollama ollama-0'],
  'ollama/ollama-gpus': ['10.0.0.4:9400 /metrics ollama exporter-a gpu'],
  'ollama/ollama-gateway': ['10.0.0.5:15020 /stats/prometheus istio-ingress gateway-a'],
  'ollama/istiod': ['10.0.0.6:15014 /metrics istio-system istiod-a'],
  'ollama/ztunnel': ['10.0.0.7:15020 /metrics istio-system ztunnel-a'],
  'ollama/argocd': ['10.0.0.8:8082 /metrics gitops controller-0'],
};

suite('metrics in Prometheus', ['promtool', 'prometheus'], () => {
  const folder = workDir();
  const rules = join(folder, 'rules.json');

  beforeAll(() => {
    writeFileSync(rules, JSON.stringify(RULES));
  });

  test('the rules are valid', async () => {
    expect(await promtool(['check', 'rules', rules])).toContain(
      `${String(RULES.groups.reduce((sum, { rules: all }) => sum + all.length, 0))} rules found`,
    );
  });

  test('the rules for a collector of AWS are valid, too', async () => {
    const groups = rulesWithoutPodStates({ pools: [{ name: 'gpu', pricePerHour: 2 }], systemNodesPerHour: 0.2 });
    const file = join(folder, 'managed-rules.yaml');
    writeFileSync(file, toYaml({ groups }));
    const count = groups.reduce((sum, { rules: all }) => sum + all.length, 0);
    expect(await promtool(['check', 'rules', file])).toContain(`${String(count)} rules found`);
  });

  test('the configuration of a collector of AWS is valid', async () => {
    const file = join(folder, 'collector.yaml');
    writeFileSync(file, withPods(join(folder, 'none.json')));
    expect(await promtool(['check', 'config', file])).toContain('is valid prometheus config file syntax');
  });

  test.each(Object.entries(DISCOVERED))(
    'a collector of AWS finds the pods of %s, and no others',
    async (job, found) => {
      // As Kubernetes discovers them: a target for each port of each pod.
      const targets = PODS.flatMap(({ ip, namespace, name, phase = 'Running', labels, ports }) =>
        ports.map((port) => ({
          targets: [`${ip}:${String(port)}`],
          labels: {
            __meta_kubernetes_namespace: namespace,
            __meta_kubernetes_pod_name: name,
            __meta_kubernetes_pod_ip: ip,
            __meta_kubernetes_pod_phase: phase,
            __meta_kubernetes_pod_container_port_number: String(port),
            ...Object.fromEntries(
              Object.entries(labels).map(([key, value]) => [
                `__meta_kubernetes_pod_label_${key.replace(/[^A-Za-z0-9]/g, '_')}`,
                value,
              ]),
            ),
          },
        })),
      );
      const pods = join(folder, 'pods.json');
      writeFileSync(pods, JSON.stringify(targets));
      const config = join(folder, 'discovery.yaml');
      writeFileSync(config, withPods(pods));
      const args = ['check', 'service-discovery', '--timeout=2s', config, job];
      const { stdout } = await runProgram(tool('promtool'), args);
      const discovered = JSON.parse(stdout) as readonly { readonly labels?: Readonly<Record<string, string>> }[];
      const kept = discovered.map(({ labels = {} }) => labels).filter((labels) => '__address__' in labels);
      const shown = ['__address__', '__metrics_path__', 'namespace', 'pod', 'pool'];
      const lines = kept.map((labels) => shown.flatMap((label) => labels[label] ?? []).join(' '));
      expect([...new Set(lines)]).toEqual(found);
    },
  );

  test('every alert fires for what it is about, and only that one', async () => {
    expect(Object.keys(BROKEN).sort()).toEqual(ALL.map(({ alert }) => alert).sort());
    const cases = [
      { name: 'healthy', series: HEALTHY, firing: undefined },
      ...Object.entries(BROKEN).map(([name, changed]) => ({ name, series: { ...HEALTHY, ...changed }, firing: name })),
    ];
    const tests = cases.map(({ name, series, firing }) => ({
      name,
      interval: '1m',
      input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
      promql_expr_test: [
        {
          expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
          eval_time: '120m',
          exp_samples: firing === undefined ? [] : [{ labels: `{alertname="${firing}"}`, value: 1 }],
        },
      ],
    }));
    const file = join(folder, 'alerts.test.json');
    writeFileSync(file, JSON.stringify({ rule_files: [rules], evaluation_interval: '1m', tests }));
    expect(await promtool(['test', 'rules', file])).toContain('SUCCESS');
  });

  describe('dashboards', () => {
    let prometheus: ChildProcess;
    let url: string;

    beforeAll(async () => {
      const data = join(folder, 'data');
      mkdirSync(data);
      const samples = join(folder, 'samples.txt');
      writeFileSync(samples, openMetrics(Math.floor(Date.now() / 1000)));
      await promtool(['tsdb', 'create-blocks-from', 'openmetrics', samples, data]);
      const config = join(folder, 'prometheus.yml');
      writeFileSync(config, JSON.stringify({ global: { evaluation_interval: '1s' }, rule_files: [rules] }));
      const port = await freePort();
      url = `http://127.0.0.1:${String(port)}`;
      prometheus = spawn(
        tool('prometheus'),
        [
          `--config.file=${config}`,
          `--storage.tsdb.path=${data}`,
          `--web.listen-address=127.0.0.1:${String(port)}`,
          '--storage.tsdb.retention.time=10y',
        ],
        { stdio: 'ignore' },
      );
      const isRecorded = async () => (await ask('ollama_eks:first_token_seconds').catch(() => [])).length > 0;
      await until('recorded', isRecorded, 60_000);
    });

    afterAll(async () => {
      const ended = once(prometheus, 'exit');
      prometheus.kill('SIGKILL');
      await ended;
    });

    const panels = DASHBOARDS.flatMap(({ title, panels: all }) =>
      all.flatMap((panel) => panel.queries.map((query) => [title, panel.title, query] as const)),
    );

    test.each(panels)('%s, %s has data, and its legend names labels that exist', async (_, __, { expr, legend }) => {
      const found = await ask(expr);
      expect(found).not.toEqual([]);
      const labels = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
      for (const { metric, value } of found) {
        expect(Object.keys(metric)).toEqual(expect.arrayContaining(labels));
        expect(Number(value[1])).not.toBeNaN();
      }
    });

    test('the time to the first token is that of the queue and of the prompt', async () => {
      const [sample] = await ask('ollama_eks:first_token_seconds');
      // one request waits and two a second arrive: half a second; and one second for the prompt
      expect(Number(sample?.value[1])).toBeCloseTo(1.5, 1);
    });

    async function ask(query: string): Promise<readonly Sample[]> {
      const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
      const answer = (await response.json()) as {
        readonly error?: string;
        readonly data?: { result: readonly Sample[] };
      };
      if (answer.data === undefined) throw new Error(answer.error);
      return answer.data.result;
    }
  });
});

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

/** Debian builds Prometheus without its discovery in Kubernetes: a file has what it would find. */
function withPods(file: string): string {
  const configuration = scrapeConfiguration().replace(
    /kubernetes_sd_configs:\n\s+- role: pod\n/g,
    `file_sd_configs: [{ files: [${file}] }]\n`,
  );
  expect(configuration).not.toContain('kubernetes_sd_configs');
  return configuration;
}

async function promtool(args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await runProgram(tool('promtool'), [...args]);
  return `${stdout}${stderr}`;
}

/** Returns two hours of the healthy installation, until now, with a sample each 15 s. */
function openMetrics(now: number): string {
  const lines = Object.entries(HEALTHY).flatMap(([series, values]) => {
    const [, start = '0', step = '0'] = /^([\d.e]+?)(?:\+(\d+))?x/.exec(values) ?? [];
    return Array.from({ length: 481 }, (_, index) => {
      const value = Number(start) + (Number(step) / 4) * index;
      return `${series} ${String(value)} ${String(now - 7200 + index * 15)}\n`;
    });
  });
  return `${lines.join('')}# EOF\n`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
