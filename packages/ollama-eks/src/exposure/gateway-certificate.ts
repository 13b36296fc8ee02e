// https://registry.terraform.io/providers/hashicorp/tls/latest/docs
import { Construct, type TerraformProvider } from '../framework';
import type { ClusterSecret } from '../gitops/application';
import { tls } from '../providers/tls';
import { GATEWAY_NAMESPACE } from '../workload/names';

/** Secret that holds the certificate made here. */
export const CERTIFICATE_SECRET = 'ollama-gateway-tls';

const HOURS_PER_DAY = 24;
/** Callers hold the authority's certificate, so it lives long, and is renewed while both sides can still change over. */
const AUTHORITY_DAYS = { validity: 3650, renewal: 365 };
/** A year, and a quarter of it in which any `terraform apply` renews the certificate before it ends. */
const CERTIFICATE_DAYS = { validity: 365, renewal: 90 };
const KEY = { algorithm: 'ECDSA', ecdsaCurve: 'P256' };

/** Properties of the certificate. */
export interface GatewayCertificateProps {
  /** Name of the owner, for the subject of the authority. */
  readonly clusterName: string;
  /** Name that the certificate is issued to; at most 64 characters. */
  readonly hostname: string;
  /** Every name that callers use; may hold tokens. */
  readonly dnsNames: readonly string[];
  /** @default - the stack's only TLS provider */
  readonly provider?: TerraformProvider;
}

/**
 * A private certificate authority and the gateway's certificate from it. The keys lie in the Terraform state: keep it
 * encrypted, or bring a certificate of your own.
 */
export class GatewayCertificate extends Construct {
  /** Certificate of the authority, PEM: what callers have to trust. */
  public readonly authorityPem: string;
  /** Certificate and key for the cluster. */
  public readonly secret: ClusterSecret;

  public constructor(scope: Construct, id: string, props: GatewayCertificateProps) {
    super(scope, id);
    const { provider, hostname, dnsNames } = props;
    const authorityKey = new tls.PrivateKey(this, 'authority-key', { provider, ...KEY });
    const authority = new tls.SelfSignedCert(this, 'authority', {
      provider,
      privateKeyPem: authorityKey.privateKeyPem,
      isCaCertificate: true,
      setSubjectKeyId: true,
      subject: [{ commonName: 'Ollama gateway authority', organization: props.clusterName }],
      allowedUses: ['cert_signing', 'crl_signing'],
      ...hours(AUTHORITY_DAYS),
    });
    const key = new tls.PrivateKey(this, 'key', { provider, ...KEY });
    const request = new tls.CertRequest(this, 'request', {
      provider,
      privateKeyPem: key.privateKeyPem,
      subject: [{ commonName: hostname }],
      dnsNames: [...dnsNames],
    });
    const certificate = new tls.LocallySignedCert(this, 'Resource', {
      provider,
      certRequestPem: request.certRequestPem,
      caPrivateKeyPem: authorityKey.privateKeyPem,
      caCertPem: authority.certPem,
      allowedUses: ['digital_signature', 'server_auth'],
      ...hours(CERTIFICATE_DAYS),
    });
    this.authorityPem = authority.certPem;
    this.secret = {
      name: CERTIFICATE_SECRET,
      namespace: GATEWAY_NAMESPACE,
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': certificate.certPem, 'tls.key': key.privateKeyPem },
    };
  }
}

function hours(days: { readonly validity: number; readonly renewal: number }) {
  return { validityPeriodHours: days.validity * HOURS_PER_DAY, earlyRenewalHours: days.renewal * HOURS_PER_DAY };
}
