import { DEFAULT_REQUEST_TIMEOUT_SECONDS } from '../workload/timing';
import { kongConfigFile, type KongFacts, type KongOptions } from './kong-config';
import { kongConsumersExampleFile } from './kong-consumers';

/** Facts of the committed files: the default request timeout, and no admin routes. */
const DEFAULT_FACTS: KongFacts = { requestTimeoutSeconds: DEFAULT_REQUEST_TIMEOUT_SECONDS, adminRoutes: false };

/** Returns the contents of decK's files in the folder `deck/`, by file name. */
export function deckFiles(
  facts: KongFacts = DEFAULT_FACTS,
  options?: KongOptions,
): Readonly<Record<'kong-config.yaml' | 'kong-consumers.example.yaml', string>> {
  return {
    'kong-config.yaml': kongConfigFile(facts, options),
    'kong-consumers.example.yaml': kongConsumersExampleFile(),
  };
}
