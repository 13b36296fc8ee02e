// https://developer.konghq.com/gateway/entities/consumer/
import { fromEnvironment, renderDeckState, type DeckState } from './deck-state';
import { ADMIN_GROUP } from './kong-plugins';

/** Tag of everything in the consumers' file: the two files never see each other's objects. */
export const KONG_CONSUMERS_TAG = 'ollama-eks-consumers';

/** An example of a consumers' file: one key a consumer, from the environment; one of them may call admin routes. */
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

/** The example as decK's file. */
export function kongConsumersExampleFile(): string {
  return renderDeckState(kongConsumersExample(), CONSUMERS_COMMENT);
}

const CONSUMERS_COMMENT = ` Consumers and their keys, for those who keep them in a file; \`ollama-eks consumers\` does without, and marks what
 it makes with another tag: neither touches what the other made. A name can be in one of the two only.
 Copy it to kong-consumers.yaml, which Git ignores. Keys come from the environment: 32 random bytes each or more.
 Sync it alone, by \`ollama-eks kong sync --consumers kong-consumers.yaml\`: a consumer that carries the tag and is not in
 the file is deleted, and its keys with it.`;
