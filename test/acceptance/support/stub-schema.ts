import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const SEAMS = resolve(__dirname, '../../../packages/ollama-eks/src/providers');

interface Schema {
  resource_schemas?: Record<string, unknown>;
  data_source_schemas?: Record<string, unknown>;
}

/**
 * Reduces a stand-in provider's schema to the resource types that the library can create. Terraform reads the whole schema
 * several times per command, which takes 7 s each time with all thousand types of AWS, and 0.3 s with these. Terraform
 * refuses a type that is used but missing.
 */
export function trimSchemas(registry: string): void {
  for (const seam of readdirSync(SEAMS).filter((file) => file.endsWith('.ts'))) {
    const provider = seam.replace(/\.ts$/, '');
    const versions = join(registry, provider);
    const files = existsSync(versions)
      ? readdirSync(versions).map((version) => join(versions, version, 'linux_amd64/schema.json'))
      : [];
    files.filter(existsSync).forEach((file) => {
      trim(file, usedTypes(provider, readFileSync(join(SEAMS, seam), 'utf8')));
    });
  }
}

/** Returns the types of resources that the library can create with a provider, in order. */
export function resourceTypes(provider: string): readonly string[] {
  const types = usedTypes(provider, readFileSync(join(SEAMS, `${provider}.ts`), 'utf8'));
  return [...types].filter((type) => !type.startsWith('data.') && type !== `${provider}_provider`).sort();
}

/** Returns Terraform's names of the modules that a seam imports: `lib/eks-cluster` is `aws_eks_cluster`, `lib/data-aws-vpc` is data `aws_vpc`. */
function usedTypes(provider: string, seam: string): Set<string> {
  const modules = [...seam.matchAll(/@cdktf\/provider-[a-z]+\/lib\/([a-z0-9-]+)/g)].map((match) => match[1] ?? '');
  return new Set(
    modules.map((module) => {
      const data = module.startsWith(`data-${provider}-`);
      const name = module.slice(data ? `data-${provider}-`.length : 0).replaceAll('-', '_');
      return `${data ? 'data.' : ''}${provider}_${name}`;
    }),
  );
}

function trim(file: string, used: ReadonlySet<string>): void {
  const schema = JSON.parse(readFileSync(file, 'utf8')) as Schema;
  const kept = (all: Record<string, unknown> = {}, prefix = '') =>
    Object.fromEntries(Object.entries(all).filter(([type]) => used.has(prefix + type)));
  writeFileSync(
    file,
    JSON.stringify({
      ...schema,
      resource_schemas: kept(schema.resource_schemas),
      data_source_schemas: kept(schema.data_source_schemas, 'data.'),
    }),
  );
}
