import type { Application } from '../gitops/application';
import { GATEWAY_NAMESPACE, GATEWAY_WORKLOAD, MODEL_PROVER, OLLAMA, OLLAMA_PORT } from '../workload/names';
import type { Layer4Rule } from './layer4-policy';
import { checkEnrollable, type EnrollOptions, meshedNamespace, type MeshedNamespace } from './meshed-namespace';

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

/** The namespaces of a mesh: Ollama's, which the workload owns and labels, and those enrolled later. */
export class MeshedNamespaces {
  private readonly namespaces: MeshedNamespace[];

  public constructor(private readonly trustDomain: string) {
    this.namespaces = [meshedNamespace(OLLAMA, trustDomain, { allow: OLLAMA_CALLERS })];
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
