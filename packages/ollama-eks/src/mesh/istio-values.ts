/**
 * Values of Istio's charts that the mesh sets. The charts have no schema and silently ignore unknown keys. So each key is
 * declared here, and a test compares them with the charts' own values.
 * These are type aliases because an interface is not assignable to a map of JSON.
 * @see https://github.com/istio/istio/tree/1.30.3/manifests/charts
 */

/** CPU and memory that a container requests. */
export type ResourceRequests = {
  /** Kubernetes quantity, e.g. `200m`. */
  readonly cpu: string;
  /** Kubernetes quantity, e.g. `256Mi`. */
  readonly memory: string;
};

type Toleration = { readonly key: string; readonly operator: 'Exists'; readonly effect: 'NoSchedule' };

type TopologySpread = {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: 'ScheduleAnyway';
  readonly labelSelector: { readonly matchLabels: Readonly<Record<string, string>> };
};

type SeccompProfile = { readonly type: 'RuntimeDefault' };

/** Chart `base`. */
export type BaseValues = {
  readonly defaultRevision: 'default';
  readonly global: { readonly istioNamespace: string; readonly enableReaderRBAC: boolean };
  readonly base: { readonly validationFailurePolicy: 'Fail' };
};

/** Chart `istiod`. */
export type IstiodValues = {
  readonly profile: 'ambient';
  readonly base: { readonly validationFailurePolicy: 'Fail' };
  readonly global: {
    readonly istioNamespace: string;
    readonly hub: string;
    readonly priorityClassName: string;
    readonly logAsJson: boolean;
    readonly defaultPodDisruptionBudget: { readonly enabled: boolean };
  };
  readonly meshConfig: {
    readonly trustDomain: string;
    /** Duration, e.g. `15s`. */
    readonly hboneIdleTimeout: string;
    readonly accessLogFile?: '/dev/stdout';
    readonly accessLogEncoding?: 'JSON';
    /** JSON with the fields of a line. */
    readonly accessLogFormat?: string;
    readonly defaultProviders?: { readonly accessLogging: readonly string[] };
    readonly extensionProviders?: readonly {
      readonly name: string;
      readonly envoyOtelAls: {
        readonly service: string;
        readonly port: number;
        readonly logFormat: { readonly text: string; readonly labels: Readonly<Record<string, string>> };
      };
    }[];
  };
  readonly pdb: { readonly minAvailable: number; readonly unhealthyPodEvictionPolicy: 'AlwaysAllow' };
  readonly gateways: { readonly seccompProfile: SeccompProfile };
  readonly gatewayClasses: {
    readonly istio: {
      readonly deployment: {
        readonly spec: { readonly template: { readonly spec: { readonly tolerations: readonly Toleration[] } } };
      };
    };
  };
  readonly pilot: {
    readonly autoscaleEnabled: boolean;
    readonly replicaCount: number;
    readonly resources: { readonly requests: ResourceRequests };
    readonly nodeSelector: Readonly<Record<string, string>>;
    readonly tolerations: readonly Toleration[];
    readonly topologySpreadConstraints: readonly TopologySpread[];
    readonly seccompProfile: SeccompProfile;
    readonly taint?: { readonly enabled: boolean; readonly namespace: string };
    readonly env?: Readonly<Record<string, string>>;
  };
};

/** Chart `cni`. Sets no tolerations: the chart's own tolerate every taint, and a list here would replace them. */
export type CniValues = {
  readonly profile: 'ambient';
  readonly global: {
    readonly hub: string;
    readonly logAsJson: boolean;
    readonly networkPolicy: { readonly enabled: boolean };
  };
  readonly useAppArmorAnnotation: boolean;
  readonly ambient: {
    readonly enabled: boolean;
    readonly dnsCapture: boolean;
    readonly ipv6: boolean;
    readonly reconcileIptablesOnStartup: boolean;
  };
  readonly updateStrategy: {
    readonly type: 'RollingUpdate';
    readonly rollingUpdate: { readonly maxUnavailable: number };
  };
  readonly resources: { readonly requests: ResourceRequests };
};

/** Chart `ztunnel`. Sets no tolerations, for the same reason. */
export type ZtunnelValues = {
  readonly profile: 'ambient';
  readonly global: { readonly hub: string; readonly networkPolicy: { readonly enabled: boolean } };
  readonly logAsJson: boolean;
  readonly terminationGracePeriodSeconds: number;
  readonly resources: { readonly requests: ResourceRequests };
};
