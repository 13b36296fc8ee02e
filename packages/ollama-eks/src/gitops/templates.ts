/** Text that two template languages pass on unchanged, Helm's and Terraform's; and the one thing that Helm fills in. */

/**
 * Stands for the delivered revision until text is escaped. It is of Unicode's private use area, which no Kubernetes
 * object uses.
 */
export const REVISION = '\uE001';
/** What Helm puts there. */
const REVISION_EXPRESSION =
  '{{ required "revision: the commit that this tree is read from" .Values.revision | quote }}';

/**
 * Text that Helm renders to what it was, with the value `revision` where `REVISION` stood.
 * @see https://pkg.go.dev/text/template#hdr-Text_and_spaces
 */
export function escapeHelm(text: string): string {
  return text.replace(/\{\{/g, '{{ "{{" }}').replaceAll(REVISION, REVISION_EXPRESSION);
}

/**
 * Text that Terraform reads as what it was, where it would read `${…}` and `%{…}` as templates.
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function escapeTerraform(text: string): string {
  return text.replace(/([$%])\{/g, '$1$1{');
}
