import { fromPeer } from './from-peer';

/** The seam to @cdktf/provider-kubernetes: the only file that imports it, by deep path, with one getter per resource type. */
export const kubernetes = fromPeer('@cdktf/provider-kubernetes', {
  get DataKubernetesConfigMapV1() {
    return (
      require('@cdktf/provider-kubernetes/lib/data-kubernetes-config-map-v1') as typeof import('@cdktf/provider-kubernetes/lib/data-kubernetes-config-map-v1')
    ).DataKubernetesConfigMapV1;
  },
  get KubernetesProvider() {
    return (
      require('@cdktf/provider-kubernetes/lib/provider') as typeof import('@cdktf/provider-kubernetes/lib/provider')
    ).KubernetesProvider;
  },
  get Labels() {
    return (require('@cdktf/provider-kubernetes/lib/labels') as typeof import('@cdktf/provider-kubernetes/lib/labels'))
      .Labels;
  },
  get NamespaceV1() {
    return (
      require('@cdktf/provider-kubernetes/lib/namespace-v1') as typeof import('@cdktf/provider-kubernetes/lib/namespace-v1')
    ).NamespaceV1;
  },
  get SecretV1() {
    return (
      require('@cdktf/provider-kubernetes/lib/secret-v1') as typeof import('@cdktf/provider-kubernetes/lib/secret-v1')
    ).SecretV1;
  },
});

export type { DataKubernetesConfigMapV1 } from '@cdktf/provider-kubernetes/lib/data-kubernetes-config-map-v1';
export type { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
export type { Labels } from '@cdktf/provider-kubernetes/lib/labels';
export type { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
export type { SecretV1 } from '@cdktf/provider-kubernetes/lib/secret-v1';
