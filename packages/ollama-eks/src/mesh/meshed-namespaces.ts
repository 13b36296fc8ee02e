import type { Application } from '../gitops/application';
import { METRICS_PORT } from '../workload/metrics-script';
import { GATEWAY_NAMESPACE, GATEWAY_WORKLOAD, MODEL_PROVER, NAME_LABEL, OLLAMA, OLLAMA_PORT } from '../workload/names';
import {
  GPU_EXPORTER,
  GPU_METRICS_PORT,
  isManagedCollector,
  type PrometheusPods,
  type Scraper,
} from '../workload/scraper';
import type { Layer4Rule } from './layer4-policy';
import { checkEnrollable, type EnrollOptions, meshedNamespace, type MeshedNamespace } from './meshed-namespace';
import type { CleartextPort } from './peer-authentication';

/** Callers that Ollama admits: the gateway, for all clients, and the Job that proves the models. */
const OLLAMA_CALLERS: readonly Layer4Rule[] = [
  {
    from: [
      {
        serviceAccounts: [
          { namespace: GATEWAY_NAMESPACE, name: GATEWAY_WORKLOAD },
          { namespace: OLLAMA, name: MODEL_PROVER },
        ],
      },
    ],
    ports: [OLLAMA_PORT],
  },
];

/** What collects metrics, on their ports: a Prometheus by its identity, a collector outside of the mesh by its addresses. */
function scrapes(scraper: Scraper): Layer4Rule {
  const from = isManagedCollector(scraper)
    ? { ipBlocks: scraper.cidrs }
    : { serviceAccounts: [{ namespace: scraper.namespace, name: scraper.serviceAccount }] };
  return { from: [from], ports: [METRICS_PORT, GPU_METRICS_PORT] };
}

/** Ports that a collector outside of the mesh reads. */
const COLLECTED: readonly CleartextPort[] = [
  { name: `${OLLAMA}-metrics`, matchLabels: { [NAME_LABEL]: OLLAMA }, port: METRICS_PORT },
  { name: `${GPU_EXPORTER}-metrics`, matchLabels: { [NAME_LABEL]: GPU_EXPORTER }, port: GPU_METRICS_PORT },
];

/** Calls within the namespace of an installed Prometheus: to Alertmanager and kube-state-metrics, and from Grafana to Prometheus. */
function monitoringCallers({ namespace, serviceAccount }: PrometheusPods): readonly Layer4Rule[] {
  return [
    { from: [{ serviceAccounts: [{ namespace, name: serviceAccount }] }], ports: [8080, 9093] },
    { from: [{ serviceAccounts: [{ namespace, name: `${namespace}-grafana` }] }], ports: [9090] },
  ];
}

/** The namespaces of a mesh: Ollama's and that of an installed Prometheus, which others own and label, and those enrolled later. */
export class MeshedNamespaces {
  private readonly namespaces: MeshedNamespace[];

  public constructor(
    private readonly trustDomain: string,
    scraper: Scraper | undefined,
  ) {
    const allow = [...OLLAMA_CALLERS, ...(scraper === undefined ? [] : [scrapes(scraper)])];
    const isOutside = scraper !== undefined && isManagedCollector(scraper);
    this.namespaces = [
      meshedNamespace(OLLAMA, trustDomain, { allow }, isOutside ? COLLECTED : []),
      ...(!isOutside && scraper?.installed === true
        ? [meshedNamespace(scraper.namespace, trustDomain, { allow: monitoringCallers(scraper) })]
        : []),
    ];
  }

  public get applications(): readonly Application[] {
    return this.namespaces.map(({ application }) => application);
  }

  public enroll(name: string, options: EnrollOptions): MeshedNamespace {
    checkEnrollable(name, this.namespaces);
    const namespace = meshedNamespace(name, this.trustDomain, options);
    this.namespaces.push(namespace);
    return namespace;
  }
}
