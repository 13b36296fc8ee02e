import { fromPeer } from './from-peer';

/** The seam to @cdktf/provider-tls: the only file that imports it, by deep path, with one getter per resource type. */
export const tls = fromPeer('@cdktf/provider-tls', {
  get CertRequest() {
    return (require('@cdktf/provider-tls/lib/cert-request') as typeof import('@cdktf/provider-tls/lib/cert-request'))
      .CertRequest;
  },
  get LocallySignedCert() {
    return (
      require('@cdktf/provider-tls/lib/locally-signed-cert') as typeof import('@cdktf/provider-tls/lib/locally-signed-cert')
    ).LocallySignedCert;
  },
  get PrivateKey() {
    return (require('@cdktf/provider-tls/lib/private-key') as typeof import('@cdktf/provider-tls/lib/private-key'))
      .PrivateKey;
  },
  get SelfSignedCert() {
    return (
      require('@cdktf/provider-tls/lib/self-signed-cert') as typeof import('@cdktf/provider-tls/lib/self-signed-cert')
    ).SelfSignedCert;
  },
  get TlsProvider() {
    return (require('@cdktf/provider-tls/lib/provider') as typeof import('@cdktf/provider-tls/lib/provider'))
      .TlsProvider;
  },
});

export type { CertRequest } from '@cdktf/provider-tls/lib/cert-request';
export type { LocallySignedCert } from '@cdktf/provider-tls/lib/locally-signed-cert';
export type { PrivateKey } from '@cdktf/provider-tls/lib/private-key';
export type { SelfSignedCert } from '@cdktf/provider-tls/lib/self-signed-cert';
export type { TlsProvider } from '@cdktf/provider-tls/lib/provider';
