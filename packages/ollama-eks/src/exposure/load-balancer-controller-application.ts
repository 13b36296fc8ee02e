// https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/
import { CHARTS } from '../catalogue/chart-versions';
import type { Application, Json } from '../gitops/application';

/** Namespace, ServiceAccount and Application of the controller. */
export const CONTROLLER_NAMESPACE = 'kube-system';
export const CONTROLLER_NAME = 'aws-load-balancer-controller';

/** One is active, one is on standby. */
const REPLICAS = 2;
/** Time to pull the image, start both pods, and elect a leader. */
const HEALTH_TIMEOUT_SECONDS = 600;

/** Cluster, region and VPC of the controller, all known at synth. */
export interface ControllerPlace {
  readonly clusterName: string;
  readonly region: string;
  /** The VPC, by ID or tags. The controller cannot read it from the instance metadata, which pods cannot reach. */
  readonly vpc: { readonly vpcId: string } | { readonly vpcTags: Readonly<Record<string, string>> };
}

/**
 * Returns the controller's Application. Its only task is to register the gateway's pods with Terraform's target group, so
 * everything else is turned off. Its webhooks for Services and Ingresses would fail closed for the whole cluster.
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
    // The chart creates a new webhook certificate each time it is rendered; the one in the cluster is kept.
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
      // The Gateway belongs to Istio.
      featureGates: {
        EnableServiceController: false,
        NLBGatewayAPI: false,
        ALBGatewayAPI: false,
        GatewayListenerSet: false,
      },
    },
  };
}
