import { join, relative, resolve } from 'node:path';
import { printFindings, requireOk } from '../checks/findings';
import { Teams } from '../consumers/teams';
import { servedModels } from '../endpoint/served-model';
import { deckEnvironment } from '../kong/environment';
import { configurationFile } from '../kong/state-file';
import { describeCounts, syncKong } from '../kong/sync';
import {
  bringUpAttachment,
  bringUpGateways,
  ensureProxyUrl,
  findNetwork,
  findProxyUrl,
  healthProbe,
  isGone,
  listTransitGateways,
  preflight,
  requirePassed,
  startKonnect,
  waitForNetwork,
  type Configuration,
  type KonnectClient,
  type KonnectFinishSpec,
  type KonnectStart,
  type KonnectStartSpec,
  type TransitGateway,
} from '../konnect';
import { openKonnect } from '../konnect/access';
import { Entities } from '../konnect/entities';
import { konnectNames } from '../konnect/names';
import { attachmentSpec, gatewaySpec, startSpec } from '../konnect/specs';
import type { Context } from '../program/context';
import { CommandError, ExitCode } from '../program/exit-codes';
import { waitHooks } from '../program/waiting';
import { findKongExposure, type KongExposure } from '../project/kong-exposure';
import { outputDirectory, readProject, type Project, type Stack } from '../project/project';
import { findTarget, type Target } from '../project/target';
import { Aws } from '../systems/aws';
import { openCluster } from '../systems/cluster-access';
import { verifyEndpoint, verifyServers } from '../verify/verify';
import { requireConsent, type ConsentOptions } from './consent';
import { applyStacks, previewStacks, readOutputs, type StackPreview } from './stacks';
import { synthesize, type KongFacts } from './synthesize';

/** Most objects that a deployment may delete from Kong's configuration; more is done by hand. */
const MAX_DELETES = 0;

/** Something that a step made or found, for the steps after it. */
class Result<Value> {
  #value: Value | undefined;

  public constructor(private readonly from: string) {}

  public get value(): Value {
    if (this.#value === undefined) throw new Error(`step ${this.from} has not been done`);
    return this.#value;
  }

  public set(value: Value): Value {
    this.#value = value;
    return value;
  }
}

/** What a deployment is asked for. */
export interface DeploymentOptions extends ConsentOptions {
  /** Name of the first team. */
  readonly team: string;
}

/** What a deployment shows in the end. */
export interface DeploymentResult {
  url?: string;
  team?: string;
  /** Where it was made in this run. */
  key?: string;
}

/**
 * One deployment: each method is the work of a step, safe to be done again. Nothing is kept between runs; each run finds by names
 * what is there.
 */
export class Deployment {
  public readonly result: DeploymentResult = {};
  readonly #aws: Aws;
  readonly #start = new Result<KonnectStart>('konnect');
  readonly #outputs = new Result<Readonly<Record<string, unknown>>>('infrastructure');
  /** The project as it was synthesized last, where it is applied from. */
  readonly #made = new Result<Project>('infrastructure');
  readonly #configuration = new Result<Configuration>('gateways');
  #facts: KongFacts = {};
  #account: string | undefined;

  public constructor(
    private readonly context: Context,
    private readonly example: string | undefined,
    /** As synth has it without any knowledge of Kong. */
    public readonly project: Project,
    public readonly target: Target,
    private readonly options: DeploymentOptions,
  ) {
    this.#aws = new Aws(context, target.region);
  }

  /** The way in from Kong; undefined where the project makes none. */
  public get exposure(): KongExposure | undefined {
    return findKongExposure(this.project);
  }

  /** Asks everybody whether they know us, and finds out what synth should know of Kong. Writes nothing. */
  public async preflight(): Promise<string> {
    const { Account } = await this.#aws.identity();
    this.#account = Account;
    if (this.exposure === undefined) return `AWS account ${Account}`;
    const client = this.konnect();
    const { providerAccount } = requirePassed(await preflight(client, this.startSpec));
    const attachment = await this.findAttachment(client);
    this.#facts = {
      kongProviderAccountId: providerAccount.provider_account_id,
      kongAttachmentId: attachment?.transit_gateway_attachment_config.attachment_id,
    };
    return `AWS account ${Account}, Kong's account ${providerAccount.provider_account_id}`;
  }

  public async startKonnect(): Promise<string> {
    const { controlPlane, network } = this.#start.set(
      await startKonnect(this.konnect(), this.startSpec, waitHooks(this.context)),
    );
    return `control plane ${controlPlane.outcome}, network ${network.outcome} (${network.object.state})`;
  }

  public async infrastructure(): Promise<string> {
    const done = await this.synthesizeAndApply();
    await this.readOutputs();
    return done;
  }

  public platform(): Promise<string> {
    return this.apply('platform');
  }

  /**
   * What Terraform would do now, and nothing done.
   * @param output folder to synthesize into
   */
  public async preview(output: string): Promise<readonly StackPreview[]> {
    const { context, example, project } = this;
    await this.preflight();
    await synthesize(context, project.directory, { facts: this.knownFacts, output });
    const { stacks } = readProject(context, example, output);
    const made = join(project.directory, outputDirectory(project.directory));
    return previewStacks(context, stacks, ({ directory }) => resolve(made, relative(output, directory)));
  }

  /** Reads what an earlier deployment of the infrastructure left, where this one does not make it. */
  public async readInfrastructure(): Promise<string> {
    this.#made.set(this.project);
    await this.readOutputs();
    return 'read';
  }

  public async network(signal: AbortSignal): Promise<string> {
    const { network } = this.#start.value;
    const { state } = await waitForNetwork(this.konnect(signal), network.object, waitHooks(this.context));
    return state;
  }

  /** The principal of the share is Terraform's where the stack takes it from us; ours where it doesn't. */
  public async principal(): Promise<string> {
    const { ramShareArn } = this.attachmentSpec;
    const { provider_account_id: account } = this.#start.value.providerAccount;
    const before = await this.#aws.sharePrincipalStatus(ramShareArn, account);
    if (before === undefined || before === 'DISASSOCIATED' || before === 'FAILED') {
      await this.#aws.associatePrincipal(ramShareArn, account);
    }
    const status = (await this.#aws.sharePrincipalStatus(ramShareArn, account)) ?? 'not associated';
    if (status !== 'ASSOCIATED') {
      this.context.reporter.warn(
        `the RAM share is ${status} with Kong's account ${account}; Kong has to accept it first`,
      );
    }
    return `${account} ${status}`;
  }

  public async gateways(): Promise<string> {
    const { controlPlane, network } = this.#start.value;
    const { outcome, object } = await bringUpGateways(
      this.konnect(),
      controlPlane.object,
      network.id,
      gatewaySpec(this.context, this.target),
      waitHooks(this.context),
    );
    this.#configuration.set(object);
    return outcome;
  }

  /** Kong asks for the attachment; it is accepted by its id, and the routes are made, when that id is known. */
  public async attachment(): Promise<string> {
    const { network } = this.#start.value;
    const { outcome, object } = await bringUpAttachment(
      this.konnect(),
      { ...this.attachmentSpec, networkId: network.id },
      { ...waitHooks(this.context), acceptAttachment: (id) => this.acceptAttachment(id) },
    );
    const id = object.transit_gateway_attachment_config.attachment_id;
    if (id === undefined) {
      throw new CommandError(
        ExitCode.failedState,
        `transit gateway attachment "${object.name}" is ready, but Konnect does not tell its id`,
        { remedy: 'run the command again' },
      );
    }
    await this.routeAttachment(id);
    return `${outcome}, ${id} ${object.state}`;
  }

  public async address(): Promise<string> {
    const { controlPlane, network } = this.#start.value;
    const { fetch, clock, signal, settings } = this.context;
    const given = settings.get('proxyUrl');
    const probe = healthProbe(fetch, clock, signal);
    const found = await findProxyUrl(controlPlane.object, this.#configuration.value, network.id, probe);
    const url = given ?? found?.url;
    if (url === undefined) {
      throw new CommandError(
        ExitCode.failedState,
        `Konnect does not tell the address of control plane "${controlPlane.object.name}"`,
        { remedy: 'look it up in Konnect, set OLLAMA_EKS_URL and run the command again' },
      );
    }
    await ensureProxyUrl(this.konnect(), controlPlane.object, url);
    this.result.url = url;
    return url;
  }

  public async configuration(): Promise<string> {
    const file = configurationFile(this.project.directory, {
      adminRoutes: this.exposure?.adminRoutes,
      requestTimeoutSeconds: this.target.summary?.requestTimeoutSeconds,
    });
    const environment = await deckEnvironment(this.context, file.content, this.#made.value);
    const client = openKonnect(this.context, 'konnectConfigToken');
    const { name: controlPlane } = this.#start.value.controlPlane.object;
    const request = { file, environment, controlPlane, maxDeletes: MAX_DELETES };
    const { counts, changes } = await syncKong(this.context, client, request);
    return changes ? describeCounts(counts) : 'unchanged';
  }

  public async consumer(): Promise<string> {
    const { team, key } = await this.teams.ensure(this.options.team);
    this.result.team = team.name;
    if (key !== undefined) this.result.key = key;
    return key === undefined ? `team "${team.name}" is there` : `team "${team.name}" made`;
  }

  /** Through Kong where it leads in; else each server by itself. */
  public async verify(): Promise<string> {
    const { context, target } = this;
    const asked = {
      models: target.summary === undefined ? [] : servedModels(target.summary),
      ...(target.summary && { requestTimeoutSeconds: target.summary.requestTimeoutSeconds }),
    };
    const findings =
      this.exposure === undefined
        ? await verifyServers(context, await openCluster(context, target), asked)
        : await verifyEndpoint(context, { ...asked, outside: await this.outside() });
    if (!findings.ok)
      printFindings({ ...context, streams: { ...context.streams, out: context.streams.err } }, findings);
    requireOk(findings, 'verify');
    return `${String(findings.counts.ok)} checks ok`;
  }

  private async outside(): Promise<{ readonly url: string; readonly apiKey: string }> {
    const { context, result } = this;
    const apiKey = context.settings.get('apiKey') ?? result.key ?? (await this.readKey());
    return { url: result.url ?? '', apiKey };
  }

  private get teams(): Teams {
    const entities = new Entities(this.konnect(), this.#start.value.controlPlane.object);
    return new Teams(entities, (key) => this.context.masker.add(key));
  }

  private async readKey(): Promise<string> {
    return this.teams.readKey(await this.teams.require(this.options.team));
  }

  /** Accepts an attachment: by Terraform, which then owns it, or where the stack leaves it to us, by the AWS CLI. */
  private async acceptAttachment(id: string): Promise<void> {
    await this.routeAttachment(id);
    if ((await this.#aws.attachmentState(id)) === 'pendingAcceptance') await this.#aws.acceptAttachment(id);
  }

  private async routeAttachment(id: string): Promise<void> {
    if (this.#facts.kongAttachmentId === id) return;
    this.#facts = { ...this.#facts, kongAttachmentId: id };
    await this.synthesizeAndApply();
  }

  private async synthesizeAndApply(): Promise<string> {
    const { context, example, project } = this;
    await synthesize(context, project.directory, { facts: this.knownFacts });
    this.#made.set(readProject(context, example));
    return this.apply('infrastructure');
  }

  private apply(kind: Stack['kind']): Promise<string> {
    const { context, options } = this;
    const stacks = this.#made.value.stacks.filter((stack) => stack.kind === kind);
    return applyStacks(context, stacks, (stack, plan) => requireConsent(context, this.#aws, stack, plan, options));
  }

  private async readOutputs(): Promise<void> {
    const exposure = findKongExposure(this.#made.value);
    if (exposure !== undefined) this.#outputs.set(await readOutputs(this.context, exposure.stack));
  }

  private get knownFacts(): Readonly<Record<string, KongFacts>> {
    return { [this.target.clusterName]: this.#facts };
  }

  private async findAttachment(client: KonnectClient): Promise<TransitGateway | undefined> {
    const { controlPlaneName, networkName } = konnectNames(this.context, this.target);
    const network = await findNetwork(client, networkName);
    if (network === undefined) return undefined;
    const found = await listTransitGateways(client, network.id);
    return found.find((gateway) => gateway.name === controlPlaneName && !isGone(gateway));
  }

  private konnect(signal?: AbortSignal): KonnectClient {
    return openKonnect(this.context, 'konnectToken', signal);
  }

  private get startSpec(): KonnectStartSpec {
    if (this.exposure === undefined) throw new Error('the project has no way in from Kong');
    return startSpec(this.context, this.project, this.exposure, this.target, this.#account);
  }

  private get attachmentSpec(): KonnectFinishSpec['attachment'] {
    if (this.exposure === undefined) throw new Error('the project has no way in from Kong');
    return attachmentSpec(this.context, this.exposure, this.target, this.#outputs.value);
  }
}

/**
 * Reads the project as it is synthesized without any knowledge of Kong.
 * @param output folder that it was synthesized into; that of `cdktf.json` without it
 */
export function openDeployment(
  context: Context,
  example: string | undefined,
  options: DeploymentOptions,
  output?: string,
): Deployment {
  const project = readProject(context, example, output);
  return new Deployment(context, example, project, findTarget(context, project), options);
}
