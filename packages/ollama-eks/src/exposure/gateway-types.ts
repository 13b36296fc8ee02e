/** The gateway's custom resources, limited to the fields used here, as in their CRDs. */
import type { Manifest } from '../gitops/application';
import type { HttpMethod } from './routes';

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#gateway */
export interface Gateway extends Manifest {
  readonly apiVersion: 'gateway.networking.k8s.io/v1';
  readonly kind: 'Gateway';
  readonly spec: {
    readonly gatewayClassName: string;
    readonly infrastructure: {
      readonly parametersRef: { readonly group: ''; readonly kind: 'ConfigMap'; readonly name: string };
    };
    readonly listeners: readonly GatewayListener[];
  };
}

export interface GatewayListener {
  readonly name: string;
  readonly hostname?: string;
  readonly port: number;
  readonly protocol: 'HTTPS';
  readonly tls: { readonly mode: 'Terminate'; readonly certificateRefs: readonly { readonly name: string }[] };
  readonly allowedRoutes: {
    readonly kinds: readonly { readonly group: string; readonly kind: 'HTTPRoute' }[];
    readonly namespaces: {
      readonly from: 'Selector';
      readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    };
  };
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httproute */
export interface HttpRoute extends Manifest {
  readonly apiVersion: 'gateway.networking.k8s.io/v1';
  readonly kind: 'HTTPRoute';
  readonly spec: {
    readonly parentRefs: readonly {
      readonly name: string;
      readonly namespace: string;
      readonly sectionName: string;
    }[];
    readonly hostnames?: readonly string[];
    readonly rules: readonly HttpRouteRule[];
  };
}

export interface HttpRouteRule {
  readonly name: string;
  readonly matches: readonly HttpRouteMatch[];
  readonly filters?: readonly HttpRouteFilter[];
  readonly backendRefs: readonly { readonly name: string; readonly port: number }[];
  readonly timeouts: { readonly request: string };
}

export type HttpRouteFilter =
  | {
      readonly type: 'URLRewrite';
      readonly urlRewrite: {
        readonly path: { readonly type: 'ReplaceFullPath'; readonly replaceFullPath: string };
      };
    }
  | {
      readonly type: 'RequestHeaderModifier';
      readonly requestHeaderModifier: { readonly set: readonly { readonly name: string; readonly value: string }[] };
    };

export interface HttpRouteMatch {
  readonly method: HttpMethod;
  readonly headers?: readonly { readonly type: 'RegularExpression'; readonly name: string; readonly value: string }[];
  readonly path: { readonly type: 'Exact' | 'RegularExpression'; readonly value: string };
}

/** @see https://istio.io/latest/docs/reference/config/security/authorization-policy/ */
export interface GatewayAuthorizationPolicy extends Manifest {
  readonly apiVersion: 'security.istio.io/v1';
  readonly kind: 'AuthorizationPolicy';
  readonly spec: {
    readonly targetRefs: readonly { readonly group: string; readonly kind: 'Gateway'; readonly name: string }[];
    readonly action: 'ALLOW';
    readonly rules: readonly GatewayRule[];
  };
}

export interface GatewayRule {
  readonly from: readonly {
    readonly source: { readonly ipBlocks: readonly string[]; readonly requestPrincipals?: readonly string[] };
  }[];
  readonly to: readonly { readonly operation: GatewayOperation }[];
  readonly when?: readonly { readonly key: string; readonly values: readonly string[] }[];
}

/** @see https://istio.io/latest/docs/reference/config/security/request_authentication/ */
export interface RequestAuthentication extends Manifest {
  readonly apiVersion: 'security.istio.io/v1';
  readonly kind: 'RequestAuthentication';
  readonly spec: {
    readonly targetRefs: readonly { readonly group: string; readonly kind: 'Gateway'; readonly name: string }[];
    readonly jwtRules: readonly {
      readonly issuer: string;
      readonly audiences: readonly string[];
      readonly jwksUri: string;
      readonly fromHeaders: readonly { readonly name: string; readonly prefix?: string }[];
      readonly forwardOriginalToken: boolean;
    }[];
  };
}

export interface GatewayOperation {
  readonly hosts?: readonly string[];
  readonly methods: readonly HttpMethod[];
  readonly paths: readonly string[];
}

/** @see https://istio.io/latest/docs/reference/config/networking/envoy-filter/ */
export interface EnvoyFilter extends Manifest {
  readonly apiVersion: 'networking.istio.io/v1alpha3';
  readonly kind: 'EnvoyFilter';
  readonly spec: {
    readonly workloadSelector: { readonly labels: Readonly<Record<string, string>> };
    readonly priority?: number;
    readonly configPatches: readonly EnvoyPatch[];
  };
}

/** Changes the connection manager, inserts a filter of requests, or changes the routes of one name. */
export type EnvoyPatch =
  | {
      readonly applyTo: 'NETWORK_FILTER';
      readonly match: { readonly context: 'GATEWAY'; readonly listener: ListenerMatch<{ readonly name: string }> };
      readonly patch: { readonly operation: 'MERGE'; readonly value: EnvoyValue };
    }
  | {
      readonly applyTo: 'HTTP_FILTER';
      readonly match: {
        readonly context: 'GATEWAY';
        readonly listener: ListenerMatch<{ readonly name: string; readonly subFilter: { readonly name: string } }>;
      };
      readonly patch: { readonly operation: 'INSERT_BEFORE'; readonly value: EnvoyValue };
    }
  | {
      readonly applyTo: 'HTTP_ROUTE';
      readonly match: {
        readonly context: 'GATEWAY';
        readonly routeConfiguration: { readonly vhost: { readonly route: { readonly name: string } } };
      };
      readonly patch: { readonly operation: 'MERGE'; readonly value: EnvoyValue };
    };

interface ListenerMatch<Filter> {
  readonly filterChain: { readonly filter: Filter };
}

type EnvoyValue = Readonly<Record<string, unknown>>;

/** @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/spec/ */
export interface TargetGroupBinding extends Manifest {
  readonly apiVersion: 'elbv2.k8s.aws/v1beta1';
  readonly kind: 'TargetGroupBinding';
  readonly spec: {
    readonly targetGroupName: string;
    readonly targetType: 'ip';
    readonly serviceRef: { readonly name: string; readonly port: number };
  };
}
