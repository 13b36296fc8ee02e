// https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/
import { CHARTS } from '../catalogue/chart-versions';
import type { Application, Json } from '../gitops/application';

/** Namespace, ServiceAccount and Application of the controller. */
export const CONTROLLER_NAMESPACE = 'kube-system';
export const CONTROLLER_NAME = 'aws-load-balancer-controller';

/** One works, one stands by. */
const REPLICAS = 2;
/** Time for two pods to be pulled, started and elected. */
const HEALTH_TIMEOUT_SECONDS = 600;

/** Where the controller works; all of it known at synth. */
export interface ControllerPlace {
  readonly clusterName: string;
  readonly region: string;
  /** The VPC, by id or by tags: the controller can't ask the instance metadata, which pods don't reach. */
  readonly vpc: { readonly vpcId: string } | { readonly vpcTags: Readonly<Record<string, string>> };
}

/**
 * The controller, for one purpose: to register the gateway's pods with Terraform's target group. Everything else that
 * it could do is off, its webhooks for Services and Ingresses above all: they fail closed for the whole cluster.
 */
export function controllerApplication(place: ControllerPlace): Application {
  const { repository, chart, version } = CHARTS.awsLoadBalancerController;
  return {
    name: CONTROLLER_NAME,
    wave: 0,
    namespace: { name: CONTROLLER_NAMESPACE },
    project: 'platform',
    source: { kind: 'chart', repository, chart, version, values: values(place) },
    healthGate: { timeoutSeconds: HEALTH_TIMEOUT_SECONDS },
    // The chart makes a new webhook certificate at every rendering; the one in the cluster is as good.
    ignoreDifferences: [
      { group: '', kind: 'Secret', jqPathExpressions: ['.data'] },
      ...['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].map((kind) => ({
        group: 'admissionregistration.k8s.io',
        kind,
        jqPathExpressions: ['.webhooks[]?.clientConfig.caBundle'],
      })),
    ],
  };
}

function values({ clusterName, region, vpc }: ControllerPlace): { readonly [key: string]: Json } {
  return {
    clusterName,
    region,
    ...vpc,
    replicaCount: REPLICAS,
    podDisruptionBudget: { maxUnavailable: 1 },
    serviceAccount: { create: true, name: CONTROLLER_NAME },
    tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
    keepTLSSecret: true,
    enableServiceMutatorWebhook: false,
    webhookConfig: { disableIngressValidation: true },
    createIngressClassResource: false,
    ingressClassParams: { create: false },
    enableShield: false,
    enableWaf: false,
    enableWafv2: false,
    enableBackendSecurityGroup: false,
    controllerConfig: {
      // Istio's Gateway is not its business.
      featureGates: {
        EnableServiceController: false,
        NLBGatewayAPI: false,
        ALBGatewayAPI: false,
        GatewayListenerSet: false,
      },
    },
  };
}
