// https://registry.terraform.io/providers/hashicorp/tls/latest/docs
import { Construct, type TerraformProvider } from '../framework';
import type { ClusterSecret } from '../gitops/application';
import { type CertRequest, type LocallySignedCert, type PrivateKey, type SelfSignedCert, tls } from '../providers/tls';
import { AUTHORITY_KEY, GATEWAY_NAMESPACE } from '../workload/names';

/** Name of the Secret with the certificate. */
export const CERTIFICATE_SECRET = 'ollama-gateway-tls';

const HOURS_PER_DAY = 24;
/** Callers store the authority's certificate, so it is valid for ten years, and renewed a year before it expires. */
const AUTHORITY_DAYS = { validity: 3650, renewal: 365 };
/** Valid for a year. In its last quarter, any `terraform apply` renews it. */
const CERTIFICATE_DAYS = { validity: 365, renewal: 90 };
const KEY = { algorithm: 'ECDSA', ecdsaCurve: 'P256' };

/** Props of `GatewayCertificate`. */
export interface GatewayCertificateProps {
  /** Name of the cluster, for the subject of the authority. */
  readonly clusterName: string;
  /** Common name of the certificate; at most 64 characters. */
  readonly hostname: string;
  /** All names that callers use; may contain tokens. */
  readonly dnsNames: readonly string[];
  /** @default - the stack's only TLS provider */
  readonly provider?: TerraformProvider;
}

/**
 * A private certificate authority, and the gateway's certificate, which it issues. The private keys are stored in the
 * Terraform state: encrypt it, or provide your own certificate.
 */
export class GatewayCertificate extends Construct {
  /** Certificate of the authority, as PEM, which callers must trust. */
  public readonly authorityPem: string;
  public readonly authority: SelfSignedCert;
  /** Private key of the authority. */
  public readonly authorityKey: PrivateKey;
  public readonly resource: LocallySignedCert;
  public readonly request: CertRequest;
  /** Private key of the gateway. */
  public readonly key: PrivateKey;
  /** Secret with certificate and key, for the cluster. */
  public readonly secret: ClusterSecret;

  public constructor(scope: Construct, id: string, props: GatewayCertificateProps) {
    super(scope, id);
    const { provider, hostname, dnsNames } = props;
    this.authorityKey = new tls.PrivateKey(this, AUTHORITY_KEY, { provider, ...KEY });
    this.authority = new tls.SelfSignedCert(this, 'authority', {
      provider,
      privateKeyPem: this.authorityKey.privateKeyPem,
      isCaCertificate: true,
      setSubjectKeyId: true,
      subject: [{ commonName: 'Ollama gateway authority', organization: props.clusterName }],
      allowedUses: ['cert_signing', 'crl_signing'],
      ...hours(AUTHORITY_DAYS),
    });
    this.key = new tls.PrivateKey(this, 'key', { provider, ...KEY });
    this.request = new tls.CertRequest(this, 'request', {
      provider,
      privateKeyPem: this.key.privateKeyPem,
      subject: [{ commonName: hostname }],
      dnsNames: [...dnsNames],
    });
    this.resource = new tls.LocallySignedCert(this, 'Resource', {
      provider,
      certRequestPem: this.request.certRequestPem,
      caPrivateKeyPem: this.authorityKey.privateKeyPem,
      caCertPem: this.authority.certPem,
      allowedUses: ['digital_signature', 'server_auth'],
      ...hours(CERTIFICATE_DAYS),
    });
    this.authorityPem = this.authority.certPem;
    this.secret = {
      name: CERTIFICATE_SECRET,
      namespace: GATEWAY_NAMESPACE,
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': this.resource.certPem, 'tls.key': this.key.privateKeyPem },
    };
  }
}

function hours(days: { readonly validity: number; readonly renewal: number }) {
  return { validityPeriodHours: days.validity * HOURS_PER_DAY, earlyRenewalHours: days.renewal * HOURS_PER_DAY };
}
