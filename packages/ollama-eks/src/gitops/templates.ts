/** Text that two template languages pass on unchanged: Helm's and Terraform's. */

/**
 * Text that Helm renders to what it was.
 * @see https://pkg.go.dev/text/template#hdr-Text_and_spaces
 */
export function escapeHelm(text: string): string {
  return text.replace(/\{\{/g, '{{ "{{" }}');
}

/**
 * Text that Terraform reads as what it was, where it would read `${…}` and `%{…}` as templates.
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function escapeTerraform(text: string): string {
  return text.replace(/([$%])\{/g, '$1$1{');
}
