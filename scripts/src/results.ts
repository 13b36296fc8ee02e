import type { AddedModel, Downloads, ModelFigures, Upgrade } from '@org/ollama-eks/pure';
import type { Findings } from './checks/findings';
import type { State } from './client/restore';
import type { Scope } from './client/tool-config';
import type { Undone } from './client/undo';
import type { Team, TeamLimits } from './consumers/teams';
import type { Preview } from './deploy/preview';
import type { Leftover, PendingKey } from './destroy/leftovers';
import type { ProjectSpec } from './init/project-spec';
import type { GuardVerdict } from './kong/guard';
import type { SyncResult } from './kong/sync';
import type { CreatedAccount, PlannedAccount } from './konnect/accounts-command';
import type { KonnectState } from './konnect/status';
import type { TeardownStep } from './konnect/teardown-plan';
import type { Capacity } from './models/capacity';
import type { InstanceFit } from './models/inspect';
import type { LoadedModel } from './models/run';
import type { Disk } from './models/servers';
import type { Course } from './program/steps';
import type { ErrorResult } from './program/error-document';
import type { Change } from './prove/changes';
import type { Proof } from './prove/proof';
import type { Report } from './report/report';
import type { PoolStatus } from './scale/run';
import type { StatusResult } from './status/status-result';
import type { ServerStart } from './status/timings';

/**
 * What each command prints with `--json`. The JSON Schemas in `schemas/` are generated from it, and every test that runs a command with
 * `--json` holds its output to them.
 */
export interface CommandResults {
  readonly audit: Findings;
  readonly 'client aider': ConfiguredTool;
  readonly 'client check': Findings;
  readonly 'client claude': ConfiguredTool;
  readonly 'client codex': ConfiguredTool;
  readonly 'client continue': ConfiguredTool;
  /** Variables for a shell. Those with keys name another variable. */
  readonly 'client env': Readonly<Record<string, string>>;
  readonly 'client off': { readonly files: readonly RestoredFile[] };
  readonly 'client opencode': ConfiguredTool;
  readonly 'client qwen': ConfiguredTool;
  readonly 'client status': { readonly tools: readonly ToolStatus[] };
  readonly completion: { /** A shell script. */ readonly script: string };
  readonly 'consumers add': { readonly add: string } | CreatedKey;
  readonly 'consumers limit': LimitedTeam;
  readonly 'consumers list': {
    readonly teams: readonly Team[];
    /** Names of the teams that come from a file. */
    readonly fromFile: readonly string[];
  };
  readonly 'consumers remove': { readonly remove: Team } | { readonly removed: Team } | Declined;
  readonly 'consumers rotate':
    | { readonly team: string; /** Number of its keys. */ readonly keys: number }
    | { readonly team: string; /** Number of deleted keys. */ readonly deleted: number }
    | CreatedKey;
  readonly deploy: DeploymentPlan | Deployed | Declined;
  readonly destroy: Destroyed | Declined;
  readonly diagnose: Findings;
  readonly diff: DeploymentDiff;
  readonly doctor: Findings;
  readonly 'github setup': GithubPlan | GithubChanges;
  readonly init: CreatedProject;
  readonly 'kong adopt':
    { readonly adopt: readonly KongObject[] } | { readonly adopted: readonly KongObject[] } | Declined;
  readonly 'kong diff': KongDiff;
  readonly 'kong guard': GuardVerdict | { readonly refusals: readonly string[] };
  readonly 'kong sync': SyncResult | KongDiff;
  readonly 'konnect accounts':
    { readonly wouldCreate: readonly PlannedAccount[] } | { readonly accounts: readonly CreatedAccount[] };
  readonly 'konnect down':
    | { readonly delete: readonly TeardownStep[]; /** What is kept, and why. */ readonly keep: readonly string[] }
    | { readonly deleted: readonly TeardownStep[] }
    | Declined;
  readonly 'konnect status': { readonly objects: readonly KonnectState[] };
  readonly 'konnect up': KonnectPlan | Deployed | Declined;
  readonly 'mirror list': Downloads;
  readonly 'mirror script': { /** A shell script. */ readonly script: string };
  readonly 'models add': AddedModelResult;
  readonly 'models check': { readonly exists: false } | ({ readonly exists: true } & ModelTag);
  readonly 'models inspect': { readonly model: InspectedModel; readonly fits: readonly InstanceFit[] };
  readonly 'models list': { readonly servers: readonly ServerModels[] };
  readonly 'models pull': PulledModel;
  readonly 'models recommend': { readonly found: readonly Capacity[] };
  readonly 'models remove': ServersWithModel;
  readonly 'models size': { readonly found: readonly Capacity[] };
  readonly 'open argocd': OpenedUi;
  readonly prove: ProvePlan | Proven;
  readonly render: RenderedTrees;
  readonly report: Report;
  readonly 'scale resume':
    | { readonly wouldScale: readonly { readonly pool: string; readonly nodes: number }[] }
    | { readonly pools: readonly PoolStatus[] };
  readonly 'scale status': ScaleStatus;
  readonly 'scale zero':
    | { readonly wouldScale: readonly { readonly pool: string; readonly servers: number; readonly nodes: number }[] }
    | { readonly pools: readonly PoolStatus[] };
  readonly status: StatusResult | { /** With `--timings`. */ readonly starts: readonly ServerStart[] };
  readonly upgrade: UpgradePlan | Upgraded | Declined;
  readonly verify: Findings;
  /** What every command prints instead of a result if it fails before it has one. */
  readonly error: ErrorResult;
}

/** The user was asked, and declined. */
interface Declined {
  readonly changed: false;
}

interface ConfiguredTool {
  readonly tool: string;
  readonly scope: Scope;
  readonly files: readonly {
    readonly file: string;
    readonly action: 'unchanged' | 'would write' | 'wrote';
    readonly values: readonly {
      /** `env.ANTHROPIC_BASE_URL` */
      readonly path: string;
      /** Absent if it is removed. */
      readonly value?: unknown;
    }[];
    /** Where changes of the user are kept. */
    readonly copy?: string;
  }[];
  readonly url: string;
  readonly model: string;
  /** Variable from which the tool reads the key; absent if a command prints it. */
  readonly keyVariable?: string;
  /** Command line that starts the tool. */
  readonly start: string;
  readonly notes: readonly string[];
}

type RestoredFile = Undone | { readonly file: string; readonly outcome: 'failed'; readonly problem: string };

interface ToolStatus {
  readonly tool: string;
  readonly scope: Scope;
  readonly state: State | 'broken';
  readonly model: string;
  readonly url: string;
  readonly file: string;
  /** Why the file is broken. */
  readonly problem?: string;
}

/** A new key, which is shown only this once unless it is written to a file. */
type CreatedKey =
  | { readonly team: string; readonly key: string }
  | { readonly team: string; /** File that has the key. */ readonly output: string };

interface LimitedTeam {
  readonly team: string;
  /** Null if those of the configuration apply. */
  readonly limits: TeamLimits | null;
  /** What it would be without `--dry-run`; null for those of the configuration. */
  readonly wanted?: TeamLimits | null;
}

interface KonnectPlan extends Course {
  readonly cluster: string;
}

type DeploymentPlan = KonnectPlan & Preview;

interface Deployed {
  readonly cluster: string;
  /** Address of the endpoint; absent without Kong. */
  readonly url?: string;
  /** First team; absent without Kong. */
  readonly team?: string;
  /** Its key, if it was created just now. It is shown only this once. */
  readonly key?: string;
  /** Whether every server has answered; absent if that was not reached. */
  readonly proven?: boolean;
}

type DeploymentDiff = Preview & {
  readonly cluster: string;
  /** Null if something could not be compared, and all else is equal. */
  readonly differs: boolean | null;
};

interface Destroyed {
  readonly konnect: readonly TeardownStep[];
  /** What is kept in Konnect, and why. */
  readonly keep: readonly string[];
  readonly stacks: readonly {
    readonly stack: string;
    /** Addresses. */
    readonly resources: readonly string[];
  }[];
  /** What still costs money; absent in a dry run. */
  readonly left?: readonly Leftover[];
  /** USD a month at list prices of what is left; absent in a dry run. */
  readonly monthlyUsd?: number;
  /** Keys that AWS will delete; absent in a dry run. */
  readonly pendingKeys?: readonly PendingKey[];
}

interface GithubPlan {
  /** `acme/platform` */
  readonly repository: string;
  /** Names. */
  readonly secrets: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

interface GithubChanges {
  readonly repository: string;
  /** Names of the variables that were set. */
  readonly changed: readonly string[];
  /** Whether the workflow was started. */
  readonly started: boolean;
}

interface CreatedProject extends ProjectSpec {
  readonly directory: string;
  readonly files: readonly string[];
}

interface KongObject {
  readonly kind: string;
  readonly name?: string;
  readonly id: string;
}

interface KongDiff extends Pick<GuardVerdict, 'counts' | 'refusals'> {
  /** Plugins that break streaming, one sentence each. */
  readonly breaksStreaming: readonly string[];
}

interface AddedModelResult {
  readonly file: string;
  readonly alias: string;
  readonly action: 'add' | 'keep' | 'replace';
  /** Whether the file was left as it is because of `--dry-run`. */
  readonly dryRun: boolean;
  readonly entry: AddedModel;
}

interface ModelTag {
  readonly name: string;
  readonly bytes: number;
  /** Of the manifest. */
  readonly digest: string;
}

/** An entry for `models` of OllamaGpuCluster. */
interface InspectedModel {
  readonly name: string;
  readonly contextLength: number;
  readonly parallel: number;
  readonly digest: string;
  readonly figures: ModelFigures;
}

interface ServerModels {
  readonly server: string;
  readonly disk: Disk;
  readonly models: readonly (ModelTag & {
    /** Null if it is not loaded. */
    readonly loaded: LoadedModel | null;
  })[];
}

interface PulledModel {
  readonly model: string;
  readonly digest: string;
  readonly servers: readonly {
    readonly server: string;
    readonly action: 'already has' | 'would pull' | 'pulled';
    /** Size of what would be pulled. */
    readonly bytes?: number;
    /** Digest on the server, if it was pulled. */
    readonly digest?: string;
  }[];
}

/** Names of the servers. */
type ServersWithModel = { readonly wouldRemove: readonly string[] } | { readonly removed: readonly string[] };

interface OpenedUi {
  readonly url: string;
  readonly user?: string;
  /** Absent if the initial password was deleted. */
  readonly password?: string;
}

interface ProvePlan {
  readonly wouldMeasure: {
    readonly models: readonly string[];
    readonly clients: readonly number[];
    readonly turns: number;
    readonly requests: number;
    readonly disruptive: boolean;
  };
  readonly wouldWrite: readonly string[];
}

interface Proven {
  readonly files: readonly string[];
  readonly proof: Proof;
  /** Figures that both proofs have, with `--against`. */
  readonly changes?: readonly Change[];
}

interface RenderedTrees {
  readonly directory: string;
  /** Folders of the trees. */
  readonly paths: readonly string[];
  /** Files that differed. */
  readonly changed: readonly string[];
}

interface ScaleStatus {
  readonly cluster: string;
  readonly pools: readonly (PoolStatus & {
    /** Why nodes are missing, one sentence each. */
    readonly problems: readonly string[];
  })[];
}

interface UpgradePlan extends Partial<Preview> {
  readonly cluster: string;
  /** Absent if the cluster runs the versions of the project. */
  readonly upgrade?: Upgrade;
}

interface Upgraded {
  readonly cluster: string;
  readonly upgraded: Pick<Upgrade, 'part' | 'from' | 'to'>;
}
