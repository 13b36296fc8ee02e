/** The README of a synthesized module: its inputs and outputs, as HCL sees them. Pure. */

/** What the README needs of a module's `cdk.tf.json`. */
export interface ModuleJson {
  readonly variable?: Readonly<Record<string, ModuleVariable>>;
  readonly output?: Readonly<Record<string, { readonly description?: string; readonly sensitive?: boolean }>>;
  readonly terraform: {
    readonly required_version?: string;
    readonly required_providers?: Readonly<Record<string, { readonly version?: string }>>;
  };
}

interface ModuleVariable {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly validation?: readonly { readonly error_message: string }[];
}

/** Returns the README of a module. */
export function moduleReadme(name: string, { variable = {}, output = {}, terraform }: ModuleJson): string {
  const inputs = Object.entries(variable).map(([input, { type = 'any', description = '', ...rest }]) => [
    `\`${input}\``,
    `\`${type}\``,
    [description, ...(rest.validation ?? []).map(({ error_message: rule }) => rule)].join('. '),
    rest.default === undefined ? 'required' : `\`${JSON.stringify(rest.default)}\``,
  ]);
  const outputs = Object.entries(output).map(([result, { description = '', sensitive = false }]) => [
    `\`${result}\``,
    `${description}${sensitive ? ' (sensitive)' : ''}`,
  ]);
  const requirements = [
    ['Terraform or OpenTofu', terraform.required_version ?? 'any'],
    ...Object.entries(terraform.required_providers ?? {}).map(([provider, { version }]) => [
      provider,
      version ?? 'any',
    ]),
  ];
  return [
    `# ${name}`,
    'Generated; `npm run synth:modules` writes it. The module configures no provider: pass yours with `providers`.',
    '## Inputs',
    table(['name', 'type', 'description', 'default'], inputs),
    '## Outputs',
    table(['name', 'description'], outputs),
    '## Requires',
    table(['what', 'version'], requirements),
  ].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
