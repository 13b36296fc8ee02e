import { createRequire } from 'node:module';
import { ValidationError } from '../errors';

/** Package of bindings to a Terraform provider, an optional peer of this library: `pure` needs none of them. */
export type ProviderPackage = `@cdktf/provider-${'aws' | 'helm' | 'kubernetes' | 'tls'}`;

interface Manifest {
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/**
 * Returns getters that load modules of a package, which throw ValidationError if it does not have the module, with the command that
 * installs all packages of providers.
 */
export function fromPeer<Getters extends object>(name: ProviderPackage, getters: Getters): Getters {
  return new Proxy(getters, {
    get(target, key) {
      try {
        return Reflect.get(target, key) as unknown;
      } catch (error) {
        throw isMissing(error, name) ? notInstalled(name) : error;
      }
    },
  });
}

/** Returns whether an error is that Node.js does not find a module of this package, rather than one which that module loads. */
function isMissing(error: unknown, name: ProviderPackage): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'MODULE_NOT_FOUND' && message.startsWith(`Cannot find module '${name}/`);
}

function notInstalled(name: ProviderPackage): ValidationError {
  const { peerDependencies } = createRequire(__filename)('@org/ollama-eks/package.json') as Manifest;
  const providers = Object.entries(peerDependencies).filter(([peer]) => peer.startsWith('@cdktf/provider-'));
  return new ValidationError({
    property: name,
    problem: 'is not installed in a supported version',
    allowed: peerDependencies[name] ?? '',
    remedy: `run npm install ${providers.map(([peer, range]) => `"${peer}@${range}"`).join(' ')}`,
  });
}
