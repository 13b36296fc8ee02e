import { HOURS_PER_MONTH } from '../sizing/cost';
import type { AlertingRule } from './monitoring-types';
import { CERTIFICATE_METRICS, FIRST_TOKEN, NODE_COST, REFUSED, REQUESTS } from './queries';

/** Page with what to do about each alert. */
const RUNBOOK = 'https://github.com/org/ollama-eks/blob/main/docs/troubleshooting.md#alerts';

/** Metric of kube-state-metrics, which the charts of Prometheus install. */
export const POD_STATES = 'kube_pod_status_phase';

/** Limits that alerts depend on, all fixed except for the budget. */
const FIRST_TOKEN_SECONDS = 30;
const ERROR_SHARE = 0.05;
const FREE_DISK_SHARE = 0.03;
const UNPROVEN_SECONDS = 1800;
const CERTIFICATE_DAYS = 30;
const SECONDS_PER_DAY = 86_400;

/** An alert, and what to do about it. */
export interface Alert extends Pick<AlertingRule, 'alert' | 'expr' | 'for'> {
  readonly severity: 'critical' | 'warning';
  /** What has happened, as a sentence; may contain labels. */
  readonly summary: string;
  /** What to do, in Markdown. */
  readonly remedy: string;
}

/** Alerts of every installation. */
export const ALERTS: readonly Alert[] = [
  {
    alert: 'OllamaServerNotReady',
    expr: 'min by (pool, pod) (ollama_server_ready) == 0',
    for: '15m',
    severity: 'critical',
    summary: 'Server {{ $labels.pod }} of pool {{ $labels.pool }} has not been ready for 15 minutes.',
    remedy: '`ollama-eks diagnose`, checks `pods` and `models`; the code in the log of its container `models` says why',
  },
  {
    alert: 'OllamaServerNotProven',
    expr:
      `min by (pool, pod) (ollama_server_ready) == 1 and on (pool, pod) ` +
      `max by (pool, pod) (time() - ollama_server_last_answer_timestamp_seconds) > ${UNPROVEN_SECONDS}`,
    for: '5m',
    severity: 'warning',
    summary: 'Server {{ $labels.pod }} is ready, but has answered nothing for half an hour.',
    remedy: '`ollama-eks verify` asks every model on every server; an idle server asks itself every 5 minutes',
  },
  {
    alert: 'OllamaFirstTokenSlow',
    expr: `${FIRST_TOKEN} > ${FIRST_TOKEN_SECONDS}`,
    for: '10m',
    severity: 'warning',
    summary: `Requests wait more than ${FIRST_TOKEN_SECONDS} s for their first token.`,
    remedy:
      'the dashboard *Path* shows whether they wait or their prompts are long: raise `replicas`, or compact earlier',
  },
  {
    alert: 'OllamaQueueFull',
    expr: `sum(increase(${REFUSED}[5m])) > 0`,
    for: '5m',
    severity: 'warning',
    summary: 'Every place at the servers is taken: the gateway refuses requests.',
    remedy: 'raise `replicas`, `parallel` or `maxWaiting`: `ollama-eks report` shows what fits',
  },
  {
    alert: 'OllamaGpuError',
    expr: 'max by (pool, Hostname, gpu) (DCGM_FI_DEV_XID_ERRORS) > 0',
    for: '1m',
    severity: 'critical',
    summary: 'GPU {{ $labels.gpu }} of {{ $labels.Hostname }} reports Xid {{ $value }}.',
    remedy: 'node repair replaces a node whose GPU is broken; `ollama-eks diagnose`, check `gpu-nodes`, shows the node',
  },
  {
    alert: 'OllamaModelSpilled',
    expr: 'max by (pool, pod, alias) (ollama_model_size_bytes - ollama_model_vram_bytes) > 0',
    for: '5m',
    severity: 'critical',
    summary: '{{ $labels.alias }} is partly in main memory of {{ $labels.pod }}, where it is many times slower.',
    remedy: 'the server restarts itself; if the alert stays, another program uses the GPU: `ollama-eks diagnose`',
  },
  {
    alert: 'OllamaDiskNearlyFull',
    expr: `min by (pool, pod) (ollama_models_volume_available_bytes / ollama_models_volume_size_bytes) < ${FREE_DISK_SHARE}`,
    for: '15m',
    severity: 'warning',
    summary: `Less than ${FREE_DISK_SHARE * 100} % of the volume of models of {{ $labels.pod }} is free.`,
    remedy: 'raise `cache.sizeGiB` of the pool, which is applied in place',
  },
  {
    alert: 'OllamaGatewayErrors',
    expr:
      `sum(rate(${REQUESTS.replace('}', ',response_code=~"5.."}')}[5m]))` +
      ` / (sum(rate(${REQUESTS}[5m])) > 0) > ${ERROR_SHARE}`,
    for: '5m',
    severity: 'critical',
    summary: `More than ${ERROR_SHARE * 100} % of the requests fail.`,
    remedy: '`ollama-eks diagnose`, checks `pods`, `models` and `mesh`',
  },
  {
    alert: 'OllamaCertificateEnds',
    expr: `min({__name__=~"${CERTIFICATE_METRICS}"}) - time() < ${CERTIFICATE_DAYS * SECONDS_PER_DAY}`,
    for: '1h',
    severity: 'warning',
    summary: 'The certificate of the gateway ends in {{ $value | humanizeDuration }}.',
    remedy: '`terraform apply` renews it in its last 90 days; replace a certificate of your own',
  },
  {
    alert: 'OllamaScaleFailed',
    expr: `max by (pod) (${POD_STATES}{namespace="ollama",phase="Pending",pod=~"ollama-.*"}) == 1`,
    for: '30m',
    severity: 'warning',
    summary: '{{ $labels.pod }} has waited for half an hour to start.',
    remedy: '`ollama-eks scale status`, then `ollama-eks diagnose`, checks `node-groups` and `gpu-nodes`',
  },
  {
    alert: 'OllamaZtunnelNotReady',
    expr: 'min by (pod) (up{job="ollama/ztunnel"}) == 0',
    for: '5m',
    severity: 'critical',
    summary: '{{ $labels.pod }} does not answer: pods of its node are cut off from the mesh.',
    remedy: '`ollama-eks diagnose`, check `mesh`',
  },
];

/** Returns the alert about nodes that cost more than the budget if they run on as in the last day. */
export function budgetAlert(monthlyUsd: number): Alert {
  return {
    alert: 'OllamaOverBudget',
    expr: `sum(avg_over_time(${NODE_COST}[1d])) * ${HOURS_PER_MONTH} > ${monthlyUsd}`,
    for: '1h',
    severity: 'warning',
    summary: `At the pace of the last day, the nodes cost more than the budget of ${monthlyUsd} USD a month.`,
    remedy: '`ollama-eks scale zero` at night, or `nightSchedule`; `ollama-eks report` shows the bill',
  };
}

/** Returns the rule of an alert. */
export function alertingRule({ alert, expr, for: pending, severity, summary }: Alert): AlertingRule {
  return { alert, expr, for: pending, labels: { severity }, annotations: { summary, runbook_url: RUNBOOK } };
}
