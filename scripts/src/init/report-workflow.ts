import { MARK } from '../report/text';
import type { ProjectSpec } from './project-spec';
import { SYNTH_STEPS } from './workflow-steps';

/** Path of the workflow from the root of the repository. */
export const REPORT_WORKFLOW = '.github/workflows/report.yml';

/** Step that refuses a pull request whose rendered tree is not that of its program. */
const CHECK_TREE = `
      - run: node_modules/.bin/ollama-eks render --check`;

/**
 * Returns the workflow that checks the program of a pull request and the rendered tree, posts the report of the project, and updates it when
 * the pull request changes. It needs no secret, and skips forks, whose token cannot write comments.
 * @see https://docs.github.com/en/rest/issues/comments
 */
export function reportWorkflow({ delivery }: Pick<ProjectSpec, 'delivery'>): string {
  return `name: Report

on:
  pull_request:
    paths: [main.ts, cdktf.json, package-lock.json, 'argocd/**', ${REPORT_WORKFLOW}]

permissions:
  contents: read
  pull-requests: write

concurrency:
  group: report-\${{ github.event.pull_request.number }}
  cancel-in-progress: true

jobs:
  report:
    if: github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
${SYNTH_STEPS}${delivery.kind === 'argocd' ? CHECK_TREE : ''}
      - name: Post the report, or update it
        run: |
          node_modules/.bin/ollama-eks report --markdown > report.md
          comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"
          id=$(gh api --paginate "$comments" --jq '.[] | select(.body | startswith("${MARK}")) | .id' | sed -n 1p)
          if [ -z "$id" ]; then
            gh api "$comments" --field body=@report.md --silent
          else
            gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field body=@report.md --silent
          fi
        env:
          GH_TOKEN: \${{ github.token }}
          PULL_REQUEST: \${{ github.event.pull_request.number }}
`;
}
