// https://developer.konghq.com/gateway/entities/consumer/
import { fromEnvironment, renderDeckState, type DeckState } from './deck-state';
import { ADMIN_GROUP } from './kong-plugins';

/** Tag of everything in the consumers' file, so that a sync of one file never affects objects of the other. */
export const KONG_CONSUMERS_TAG = 'ollama-eks-consumers';

/** Returns an example of a consumers' file: each consumer has a key from the environment, and one may use admin routes. */
export function kongConsumersExample(): DeckState {
  return {
    _format_version: '3.0',
    _info: { select_tags: [KONG_CONSUMERS_TAG] },
    consumers: [
      { username: 'team-alpha', keyauth_credentials: [{ key: fromEnvironment('DECK_KEY_TEAM_ALPHA') }] },
      {
        username: 'platform-admin',
        keyauth_credentials: [{ key: fromEnvironment('DECK_KEY_PLATFORM_ADMIN') }],
        acls: [{ group: ADMIN_GROUP }],
      },
    ],
  };
}

/** Returns the example as a file for decK. */
export function kongConsumersExampleFile(): string {
  return renderDeckState(kongConsumersExample(), CONSUMERS_COMMENT);
}

const CONSUMERS_COMMENT = ` Consumers and their keys, if you keep them in a file. \`ollama-eks consumers\` does not need one, and uses another tag:
 neither changes what the other created. A name must be in only one of the two.
 Copy this file to kong-consumers.yaml, which Git ignores. Keys come from the environment, at least 32 random bytes each.
 Sync it alone, with \`ollama-eks kong sync --consumers kong-consumers.yaml\`: a consumer that has the tag but is not in
 the file is deleted, along with its keys.`;
