import type { Container, EnvVar, PodSpec } from 'kubernetes-types/core/v1';
import { serverConfig } from '../../src/workload/script-container';
import { serverPod } from '../../src/workload/server-pod';
import type { WorkloadPool, WorkloadSpec } from '../../src/workload/workload-spec';
import { CODER, SMALL, workloadPool, workloadSpec } from './workload-fixture';

function podOf(spec: WorkloadSpec = workloadSpec()): PodSpec {
  const [pool] = spec.pools;
  const pod = pool && serverPod(spec, pool, undefined).spec;
  if (pod === undefined) throw new Error('no pod');
  return pod;
}

function serverOf(spec?: WorkloadSpec): Container {
  const [container] = podOf(spec).containers;
  if (container === undefined) throw new Error('no server');
  return container;
}

function sidecarOf(spec?: WorkloadSpec): Container {
  const [container] = podOf(spec).initContainers ?? [];
  if (container === undefined) throw new Error('no sidecar');
  return container;
}

const environmentOf = ({ env = [] }: Container): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(env.map(({ name, value }: EnvVar) => [name, value]));

const poolOf = (overrides: Partial<WorkloadPool>) => workloadSpec({}, overrides);

describe('pod of a server', () => {
  it('has the environment that the fit assumes', () => {
    expect(environmentOf(serverOf())).toEqual({
      HANG_SECONDS: '60',
      LLAMA_ARG_CACHE_IDLE_SLOTS: '0',
      LLAMA_ARG_CACHE_RAM: '135679',
      HOME: '/home/ollama',
      TMPDIR: '/tmp',
      OLLAMA_HOST: '0.0.0.0:11434',
      OLLAMA_MODELS: '/models',
      OLLAMA_NO_CLOUD: '1',
      OLLAMA_CONTEXT_LENGTH: '65536',
      OLLAMA_NUM_PARALLEL: '2',
      OLLAMA_MAX_LOADED_MODELS: '1',
      OLLAMA_MAX_QUEUE: '42',
      OLLAMA_KEEP_ALIVE: '-1',
      OLLAMA_LOAD_TIMEOUT: '900s',
      OLLAMA_FLASH_ATTENTION: '1',
      OLLAMA_KV_CACHE_TYPE: 'f16',
      OLLAMA_SCHED_SPREAD: workloadPool().needs.schedSpread ? '1' : '0',
      CONFIG_DIR: '/etc/ollama-eks',
      STATE_DIR: '/run/ollama-eks',
      PULLED_DIR: '/pulled',
      MODEL_PULL: 'online',
      SETTLE_SECONDS: '10',
      DRAIN_SECONDS: '900',
      QUIET_SECONDS: '2',
      PREFETCH_MIB: '170590',
      RESPONSE_SECONDS: '8',
    });
  });

  it('limits the prompt cache if memory is short', () => {
    const needs = { ...workloadPool().needs, promptCacheMiB: 2048 };
    expect(environmentOf(serverOf(poolOf({ needs })))).toMatchObject({ LLAMA_ARG_CACHE_RAM: '2048' });
  });

  it.each([
    [{ flashAttention: false }, { OLLAMA_FLASH_ATTENTION: '0' }],
    [{ kvCacheType: 'q8_0' } as const, { OLLAMA_KV_CACHE_TYPE: 'q8_0' }],
    [{ schedSpread: true }, { OLLAMA_SCHED_SPREAD: '1' }],
    [{ loadTimeoutSeconds: 3600 }, { OLLAMA_LOAD_TIMEOUT: '3600s' }],
  ])('follows the needs %j', (needs, expected) => {
    const spec = poolOf({ needs: { ...workloadPool().needs, ...needs } });
    expect(environmentOf(serverOf(spec))).toMatchObject(expected);
  });

  it('never admits browsers, logs prompts, or uses a proxy', () => {
    const names = Object.keys(environmentOf(serverOf()));
    for (const name of ['OLLAMA_ORIGINS', 'OLLAMA_DEBUG', 'OLLAMA_DEBUG_LOG_REQUESTS', 'HTTP_PROXY', 'HTTPS_PROXY']) {
      expect(names).not.toContain(name);
    }
  });

  it('requests what sizing calculates: GPUs, memory, no CPU limit', () => {
    const { resources } = workloadPool();
    expect(serverOf().resources).toEqual(resources);
    expect(serverOf().resources?.limits).not.toHaveProperty('cpu');
  });

  it('runs only on the nodes of its pool', () => {
    const pod = podOf(poolOf({ nodeLabels: { a: 'b' } }));
    expect(pod.nodeSelector).toEqual({ a: 'b' });
    expect(pod.tolerations).toEqual([{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }]);
    expect(pod.priorityClassName).toBe('ollama-serving');
  });

  it.each([30, 900, 3600])('has time to finish a request of %d s when it stops', (seconds) => {
    const spec = workloadSpec({ requestTimeoutSeconds: seconds });
    expect(environmentOf(serverOf(spec))['DRAIN_SECONDS']).toBe(String(seconds));
    expect(podOf(spec).terminationGracePeriodSeconds).toBe(10 + seconds + 30);
    expect(serverOf(spec).lifecycle).toEqual({
      preStop: { exec: { command: ['/bin/sh', '/etc/ollama-eks/server.sh', 'drain', '/proc/net/tcp'] } },
    });
  });

  it('has five minutes to start, and probes that tolerate a busy server', () => {
    const { startupProbe, readinessProbe, livenessProbe } = serverOf();
    const responds = { httpGet: { path: '/api/version', port: 'http' }, timeoutSeconds: 3, periodSeconds: 5 };
    expect(startupProbe).toEqual({ ...responds, periodSeconds: 1, failureThreshold: 300 });
    expect(readinessProbe).toEqual({ ...responds, failureThreshold: 3 });
    expect(livenessProbe).toMatchObject({
      exec: { command: ['/bin/sh', '/etc/ollama-eks/server.sh', 'live'] },
      timeoutSeconds: 10,
    });
    expect(livenessProbe).not.toHaveProperty('terminationGracePeriodSeconds');
  });

  it('has a sidecar of the same image that makes it ready', () => {
    const sidecar = sidecarOf();
    expect(sidecar).toMatchObject({
      image: serverOf().image,
      restartPolicy: 'Always',
      command: ['/bin/sh', '/etc/ollama-eks/server.sh', 'keep', '/proc/net/tcp'],
      readinessProbe: { exec: { command: ['/bin/sh', '/etc/ollama-eks/server.sh', 'ready'] } },
      terminationMessagePolicy: 'FallbackToLogsOnError',
    });
    expect(environmentOf(sidecar)).toMatchObject({
      OLLAMA_HOST: '127.0.0.1:11434',
      OLLAMA_MODELS: '/models',
      LOAD_SECONDS: '900',
      MODEL_PULL: 'online',
      NVIDIA_VISIBLE_DEVICES: 'void',
    });
  });

  it('deletes no model that cannot be pulled again', () => {
    const offline = workloadSpec({ modelPull: 'offline' });
    expect(environmentOf(sidecarOf(offline))).toMatchObject({ MODEL_PULL: 'offline' });
    expect(environmentOf(serverOf(offline))).toMatchObject({ MODEL_PULL: 'offline', OLLAMA_NOPRUNE: '1' });
    expect(environmentOf(serverOf())).not.toHaveProperty('OLLAMA_NOPRUNE');
  });

  it('shares the models with its sidecar, which can write only copies, and does not share the key pair', () => {
    const copies = { name: 'models', mountPath: '/pulled', subPath: 'pulled' };
    const models = { name: 'models', mountPath: '/models' };
    const mountsOf = ({ volumeMounts = [] }: Container) => volumeMounts.filter(({ name }) => name === 'models');
    expect(mountsOf(serverOf())).toEqual([models, copies]);
    expect(serverOf().volumeMounts).toContainEqual({ name: 'home', mountPath: '/home/ollama' });
    expect(mountsOf(sidecarOf())).toEqual([{ ...models, readOnly: true }, copies]);
    expect(sidecarOf().volumeMounts?.map(({ name }) => name)).not.toContain('home');
  });

  it('is a new pod when its script or models change', () => {
    const hash = (pool: WorkloadPool) =>
      serverPod(workloadSpec(), pool, undefined).spec?.volumes?.find(({ name }) => name === 'config')?.configMap?.name;
    expect(hash(workloadPool())).toBe(hash(workloadPool({ replicas: 2 })));
    expect(hash(workloadPool())).not.toBe(hash(workloadPool({ allowCpu: true })));
  });

  it('reads its models from a table', () => {
    const digest = `sha256:${'ab'.repeat(32)}`;
    const pool = workloadPool({}, [{ ...CODER, parallel: 1, digest }, SMALL]);
    const [coder, small] = pool.fit.models;
    const batch = (model = coder) => String(model?.numBatch ?? '-');
    const rows = (where: string) =>
      [
        `qwen3-coder:30b-ctx64k qwen3-coder:30b registry.ollama.ai/library/qwen3-coder/30b-ctx64k registry.ollama.ai/library/qwen3-coder/30b ${'ab'.repeat(32)} 65536 ${batch()} ${where}`,
        `llama3.2:3b-ctx8k llama3.2:3b registry.ollama.ai/library/llama3.2/3b-ctx8k registry.ollama.ai/library/llama3.2/3b - 8192 ${batch(small)} ${where}`,
        '',
      ].join('\n');
    expect(serverConfig(workloadSpec(), pool)['models']).toBe(rows('gpu'));
    expect(serverConfig(workloadSpec(), { ...pool, allowCpu: true })['models']).toBe(rows('any'));
  });

  it('sets the batch that the fit assumes', () => {
    const pool = workloadPool();
    const models = pool.fit.models.map((model) => ({ ...model, numBatch: 512 }));
    expect(serverConfig(workloadSpec(), { ...pool, fit: { ...pool.fit, models } })['models']).toContain(
      ' 65536 512 gpu\n',
    );
  });
});

describe('metrics', () => {
  const spec = workloadSpec({ scraper: { namespace: 'monitoring', serviceAccount: 'prometheus' } });

  it('are served by a container of their own, without probes, which reads what the sidecar writes', () => {
    const [, exporter] = podOf(spec).initContainers ?? [];
    expect(exporter).toMatchObject({
      name: 'metrics',
      restartPolicy: 'Always',
      command: ['/bin/sh', '/etc/ollama-eks/server.sh', 'metrics', '/proc/net/tcp'],
      ports: [{ name: 'metrics', containerPort: 11435 }],
      resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
    });
    expect(exporter?.readinessProbe).toBeUndefined();
    expect(exporter?.volumeMounts?.every(({ readOnly }) => readOnly)).toBe(true);
    expect(serverOf(spec).env).toContainEqual({ name: 'LLAMA_ARG_ENDPOINT_METRICS', value: '1' });
    expect(serverConfig(spec, workloadPool())).toHaveProperty(['metrics.pl']);
  });

  it('cost nothing where nobody reads them', () => {
    expect(podOf().initContainers).toHaveLength(1);
    expect(serverOf().env?.map(({ name }) => name)).not.toContain('LLAMA_ARG_ENDPOINT_METRICS');
    expect(Object.keys(serverConfig(workloadSpec(), workloadPool()))).toEqual(['server.sh', 'models']);
  });
});
