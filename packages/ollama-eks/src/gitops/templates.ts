/** Escapes text for the template languages of Helm and Terraform, and defines the one value that Helm fills in. */

/**
 * Placeholder for the delivered revision until text is escaped: a character of Unicode's private use area, which no
 * Kubernetes object uses.
 */
export const REVISION = '\uE001';
/** Expression that replaces it in a Helm template. */
const REVISION_EXPRESSION =
  '{{ required "revision: the commit that this tree is read from" .Values.revision | quote }}';

/** Expression for two braces. */
const BRACES = '{{ "{{" }}';

/**
 * Escapes text so that Helm renders it unchanged, except that `REVISION` becomes the value `revision`.
 * @see https://pkg.go.dev/text/template#hdr-Text_and_spaces
 */
export function escapeHelm(text: string): string {
  return text.replaceAll('{{', BRACES).replaceAll(REVISION, REVISION_EXPRESSION);
}

/** What `unescapeHelm` leaves in place of a value that Helm fills in. */
export const FILLED_IN = 'filled in at delivery';

/** Reverses `escapeHelm`. A value that Helm fills in becomes `FILLED_IN`. */
export function unescapeHelm(text: string): string {
  return text.replace(/\{\{[^}]*\}\}/g, (expression) => (expression === BRACES ? '{{' : FILLED_IN));
}

/**
 * Escapes text so that Terraform does not read `${…}` and `%{…}` as templates.
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function escapeTerraform(text: string): string {
  return text.replace(/([$%])\{/g, '$1$1{');
}
