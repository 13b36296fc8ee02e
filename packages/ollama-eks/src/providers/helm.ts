import { fromPeer } from './from-peer';

/** The seam to @cdktf/provider-helm: the only file that imports it, by deep path, with one getter per resource type. */
export const helm = fromPeer('@cdktf/provider-helm', {
  get HelmProvider() {
    return (require('@cdktf/provider-helm/lib/provider') as typeof import('@cdktf/provider-helm/lib/provider'))
      .HelmProvider;
  },
  get Release() {
    return (require('@cdktf/provider-helm/lib/release') as typeof import('@cdktf/provider-helm/lib/release')).Release;
  },
});

export type { HelmProvider } from '@cdktf/provider-helm/lib/provider';
export type { Release } from '@cdktf/provider-helm/lib/release';
