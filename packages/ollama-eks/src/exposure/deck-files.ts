import { DEFAULT_REQUEST_TIMEOUT_SECONDS } from '../workload/timing';
import { kongConfigFile, type KongFacts, type KongOptions } from './kong-config';
import { kongConsumersExampleFile } from './kong-consumers';

/** What the committed files are made from: the default budget of a request, and no admin routes. */
const DEFAULT_FACTS: KongFacts = { requestTimeoutSeconds: DEFAULT_REQUEST_TIMEOUT_SECONDS, adminRoutes: false };

/** decK's files by name, for the folder `deck/`: what synth writes, and what the committed ones are held against. */
export function deckFiles(
  facts: KongFacts = DEFAULT_FACTS,
  options?: KongOptions,
): Readonly<Record<'kong-config.yaml' | 'kong-consumers.example.yaml', string>> {
  return {
    'kong-config.yaml': kongConfigFile(facts, options),
    'kong-consumers.example.yaml': kongConsumersExampleFile(),
  };
}
