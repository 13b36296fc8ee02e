/** A command line without `--json`. */
interface Line {
  readonly line: string;
  /** Properties that its document must have, sorted. @default - any that the schema allows */
  readonly properties?: string;
  /** @default 0 */
  readonly exitCode?: number;
}

/** Run in this order in an installation with Kong: what one creates, another one removes. The last one removes everything. */
export const INSTALLATION_LINES: readonly Line[] = [
  { line: 'kong adopt --yes', properties: 'adopted' },
  { line: 'deploy --dry-run', properties: 'cluster,minutes,sequentialMinutes,stacks,steps' },
  { line: 'deploy --yes', properties: 'cluster,proven,team,url' },
  { line: 'diff' },
  { line: 'doctor', properties: 'counts,findings,ok' },
  { line: 'status' },
  { line: 'status --timings', properties: 'starts' },
  { line: 'upgrade --dry-run' },
  { line: 'upgrade --yes', properties: 'cluster,upgraded' },
  { line: 'konnect up --dry-run', properties: 'cluster,minutes,sequentialMinutes,steps' },
  { line: 'konnect up --yes', properties: 'cluster,url' },
  { line: 'konnect status', properties: 'objects' },
  { line: 'konnect accounts --dry-run', properties: 'wouldCreate' },
  { line: 'konnect accounts', properties: 'accounts' },
  { line: 'konnect down --dry-run', properties: 'delete,keep' },
  { line: 'kong adopt', properties: 'adopt' },
  { line: 'kong diff', properties: 'breaksStreaming,counts,refusals' },
  { line: 'kong sync --dry-run', properties: 'breaksStreaming,counts,refusals' },
  { line: 'kong sync', properties: 'changes,counts' },
  { line: 'kong guard plan.json', properties: 'counts,gaps,refusals' },
  { line: 'kong guard --environment state.yaml', properties: 'refusals' },
  { line: 'consumers add team-a --dry-run', properties: 'add' },
  { line: 'consumers add team-a', properties: 'key,team' },
  { line: 'consumers add team-b --output team-b.key', properties: 'output,team' },
  { line: 'consumers list', properties: 'fromFile,teams' },
  { line: 'consumers rotate team-a --dry-run', properties: 'keys,team' },
  { line: 'consumers rotate team-a', properties: 'key,team' },
  { line: 'consumers rotate team-a --finish', properties: 'deleted,team' },
  { line: 'consumers rotate team-a --output team-a.key', properties: 'output,team' },
  { line: 'consumers limit team-a --per-minute 30 --dry-run', properties: 'limits,team,wanted' },
  { line: 'consumers limit team-a --per-minute 30', properties: 'limits,team' },
  { line: 'consumers limit team-a --reset', properties: 'limits,team' },
  { line: 'consumers remove team-a --dry-run', properties: 'remove' },
  { line: 'consumers remove team-a --yes', properties: 'removed' },
  { line: 'github setup --dry-run', properties: 'repository,secrets,variables' },
  { line: 'github setup', properties: 'changed,repository,started' },
  { line: 'konnect down --yes', properties: 'deleted' },
  { line: 'destroy --dry-run', properties: 'keep,konnect,stacks' },
  { line: 'destroy --yes', properties: 'keep,konnect,left,monthlyUsd,pendingKeys,stacks' },
];

/** Run in this order on the machine of a developer, with a sound cluster and its endpoint. */
export const MACHINE_LINES: readonly Line[] = [
  { line: 'verify --tools' },
  { line: 'diagnose' },
  { line: 'audit' },
  { line: 'report' },
  { line: 'render', properties: 'changed,directory,paths' },
  { line: 'scale status' },
  { line: 'scale zero --dry-run' },
  { line: 'scale zero --no-wait' },
  { line: 'scale resume --dry-run' },
  { line: 'scale resume --no-wait' },
  { line: 'mirror list' },
  { line: 'mirror script' },
  { line: 'completion bash' },
  { line: 'models check llama3.1:8b', properties: 'bytes,digest,exists,name' },
  { line: 'models check llama3.1:9b', properties: 'exists', exitCode: 2 },
  { line: 'models inspect llama3.1:8b' },
  { line: 'models add llama3.1:8b' },
  { line: 'models size llama3.1:8b' },
  { line: 'models recommend' },
  { line: 'models pull llama3.1:8b --dry-run', properties: 'digest,model,servers' },
  { line: 'models pull llama3.1:8b', properties: 'digest,model,servers' },
  { line: 'models list' },
  { line: 'models remove llama3.1:8b --dry-run', properties: 'wouldRemove' },
  { line: 'models remove llama3.1:8b --yes', properties: 'removed' },
  { line: 'prove --turns 2 --clients 1 --dry-run', properties: 'wouldMeasure,wouldWrite' },
  { line: 'prove --turns 2 --clients 1', properties: 'files,proof' },
  { line: 'client claude --dry-run' },
  { line: 'client claude' },
  { line: 'client check claude' },
  { line: 'client aider' },
  { line: 'client codex' },
  { line: 'client continue' },
  { line: 'client opencode' },
  { line: 'client qwen' },
  { line: 'client env' },
  { line: 'client status' },
  { line: 'client off --dry-run' },
  { line: 'client off' },
  { line: 'init new --delivery helm' },
  { line: 'open argocd', properties: 'url' },
];

/** Run until Ctrl-C, without a result. */
export const WITHOUT_RESULT: readonly string[] = ['client local'];
