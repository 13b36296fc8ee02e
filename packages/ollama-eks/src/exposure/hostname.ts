import { ValidationError } from '../errors';
import { Token } from '../framework';

/** Longest common name of a certificate. @see https://www.rfc-editor.org/rfc/rfc5280 appendix A (ub-common-name) */
const COMMON_NAME_LIMIT = 64;
/** @see https://www.rfc-editor.org/rfc/rfc1123 section 2.1, in lower case as Kubernetes wants it */
const HOSTNAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;

/** Checks a hostname that is rendered to Git and issued to by a certificate, and returns it. */
export function checkHostname(property: string, hostname: string): string {
  if (!Token.isUnresolved(hostname) && hostname.length <= COMMON_NAME_LIMIT && HOSTNAME.test(hostname)) return hostname;
  throw new ValidationError({
    property,
    value: Token.isUnresolved(hostname) ? '<token>' : hostname,
    problem: 'is not a hostname known at synth',
    allowed: `lower-case labels with dots between them, at most ${COMMON_NAME_LIMIT} characters`,
    remedy: 'write a name like llm.example.com',
  });
}
