import { DNS_SUBDOMAIN } from '../catalogue/kubernetes-names';
import { ValidationError } from '../errors';
import { Token } from '../framework';

/** Longest common name of a certificate. @see https://www.rfc-editor.org/rfc/rfc5280 appendix A (ub-common-name) */
const COMMON_NAME_LIMIT = 64;
/** @see https://www.rfc-editor.org/rfc/rfc1123 section 2.1, in lower case as Kubernetes wants it */
const HOSTNAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;
/** What ends in a number is an address. @see https://url.spec.whatwg.org/#ends-in-a-number-checker */
const ADDRESS = /\.\d+$/;

/** Checks a hostname that is rendered to Git and issued to by a certificate, and returns it. */
export function checkHostname(property: string, hostname: string): string {
  const isKnown = !Token.isUnresolved(hostname) && !ADDRESS.test(hostname);
  if (isKnown && hostname.length <= COMMON_NAME_LIMIT && HOSTNAME.test(hostname)) return hostname;
  throw new ValidationError({
    property,
    value: Token.isUnresolved(hostname) ? '<token>' : hostname,
    problem: 'is not a hostname known at synth',
    allowed: `lower-case labels with dots between them, at most ${COMMON_NAME_LIMIT} characters, and no address`,
    remedy: 'write a name like llm.example.com',
  });
}

/** Checks the name of the Secret of one's own certificate, which is rendered to Git. */
export function checkSecretName(secretName: string): void {
  const isKnown = !Token.isUnresolved(secretName);
  if (isKnown && DNS_SUBDOMAIN.test(secretName)) return;
  throw new ValidationError({
    property: 'certificate.secretName',
    value: isKnown ? secretName : '<token>',
    problem: 'is not the name of a Secret known at synth',
    allowed: 'lower-case letters, digits, hyphens and dots, at most 253 characters',
    remedy: 'write the name of the Secret alone, without its namespace',
  });
}
