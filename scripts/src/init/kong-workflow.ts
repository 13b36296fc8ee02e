import { SYNTH_STEPS } from './workflow-steps';

/** Path of the workflow from the root of the repository. */
export const KONG_WORKFLOW = '.github/workflows/kong-sync.yml';

/** Version of decK that the workflow runs. */
const DECK = '1.65.1';

/**
 * Returns the workflow that syncs Kong's configuration from the project: a pull request shows what would change, a push to main applies it.
 * Only the step that uses Konnect gets the token.
 * @see https://docs.github.com/en/actions/reference/security/secure-use
 */
export function kongWorkflow(): string {
  return `name: Kong sync

on:
  pull_request:
    paths: [main.ts, package-lock.json, 'deck/**', ${KONG_WORKFLOW}]
  push:
    branches: [main]
    paths: [main.ts, package-lock.json, 'deck/**', ${KONG_WORKFLOW}]
  workflow_dispatch: {}

permissions:
  contents: read

concurrency:
  group: kong-sync
  cancel-in-progress: false

jobs:
  sync:
    if: github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    environment: konnect
    steps:
${SYNTH_STEPS}
      - uses: kong/setup-deck@6ea0a466ee5826ddb531cbe851ba8e5a77a0e041 # v1.7.1
        with:
          deck-version: ${DECK}
      # \`ollama-eks github setup\` sets the variables; a guard checks the plan before anything is changed
      - run: node_modules/.bin/ollama-eks kong "$COMMAND"
        env:
          COMMAND: \${{ github.event_name == 'pull_request' && 'diff' || 'sync' }}
          KONNECT_REGION: \${{ vars.KONNECT_REGION }}
          KONNECT_CONTROL_PLANE_NAME: \${{ vars.KONNECT_CONTROL_PLANE_NAME }}
          DECK_OLLAMA_UPSTREAM_HOST: \${{ vars.OLLAMA_UPSTREAM_HOST }}
          DECK_OLLAMA_GATEWAY_HOSTNAME: \${{ vars.OLLAMA_GATEWAY_HOSTNAME }}
          DECK_OLLAMA_CA_CERTIFICATE: \${{ vars.OLLAMA_CA_CERTIFICATE }}
          DECK_OLLAMA_ADMIN_HOSTNAME: \${{ vars.OLLAMA_ADMIN_HOSTNAME }}
          KONNECT_CONFIG_TOKEN: \${{ secrets.KONNECT_TOKEN }}
`;
}
