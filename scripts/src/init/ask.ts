import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import type { Question } from '../program/question';
import { NEW_VPC_CIDR, type DeliverySpec, type ExistingVpc, type ExposureSpec, type ProjectSpec } from './project-spec';
import {
  callersQuestion,
  CLUSTER_QUESTION,
  contextQuestion,
  DELIVERY_QUESTION,
  EXPOSURE_QUESTION,
  instanceQuestion,
  kongCidrQuestion,
  MODEL_QUESTION,
  NEW_VPC,
  parallelQuestion,
  REGION_QUESTION,
  REPOSITORY_QUESTION,
  ROUTE_TABLES_QUESTION,
  SUBNETS_QUESTION,
  transitSubnetsQuestion,
  VPC_CIDR_QUESTION,
  VPC_QUESTION,
} from './questions';

/** Options of `init`, each the answer to a question. */
export interface InitFlags {
  readonly vpc?: string;
  readonly vpcCidr?: string;
  readonly subnets?: string;
  readonly transitSubnets?: string;
  readonly routeTables?: string;
  readonly exposure?: string;
  readonly callers?: string;
  readonly model?: string;
  readonly context?: string;
  readonly parallel?: string;
  readonly instance?: string;
  readonly delivery?: string;
  readonly repository?: string;
}

/** Flags, and questions for those that are not set. */
class Answers {
  readonly #unused: Set<string>;

  public constructor(
    public readonly context: Context,
    private readonly flags: InitFlags,
  ) {
    this.#unused = new Set(Object.keys(flags));
  }

  public flag<Answer>(name: keyof InitFlags, question: Question<Answer>): Promise<Answer> {
    this.#unused.delete(name);
    return this.given(this.flags[name], question);
  }

  public async given<Answer>(value: string | undefined, question: Question<Answer>): Promise<Answer> {
    return value === undefined ? this.context.ask(question) : question.parse(value);
  }

  /** Throws UsageError for a flag whose question did not arise. */
  public requireAllUsed(): void {
    const [flag] = this.#unused;
    if (flag === undefined) return;
    const name = `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new UsageError(`${name} has no effect with the other answers`, {
      allowed:
        'the flags of subnets with --vpc; --callers with --exposure internal; --repository with --delivery argocd',
      remedy: `omit ${name}`,
    });
  }
}

/** Returns the values of a new project, from flags and answers. Throws UsageError or ValidationError for the first invalid one. */
export async function askForProject(context: Context, flags: InitFlags): Promise<ProjectSpec> {
  const answers = new Answers(context, flags);
  const { settings } = context;
  const clusterName = await answers.given(settings.get('clusterName'), CLUSTER_QUESTION);
  const region = await answers.given(settings.get('awsRegion'), REGION_QUESTION);
  const vpcId = await answers.flag('vpc', VPC_QUESTION);
  const vpc = vpcId === NEW_VPC ? undefined : await askForVpc(answers, vpcId);
  const exposure = await askForExposure(answers, vpc?.vpcCidr ?? NEW_VPC_CIDR);
  const connected = vpc && (exposure.kind === 'kong' ? await askForTransit(answers, vpc) : vpc);
  const model = await answers.flag('model', MODEL_QUESTION);
  const contextLength = await answers.flag('context', contextQuestion(model));
  const parallel = await answers.flag('parallel', parallelQuestion({ model, contextLength }));
  const instanceType = await answers.flag('instance', instanceQuestion({ model, contextLength, parallel }));
  const delivery = await askForDelivery(answers);
  answers.requireAllUsed();
  return {
    ...{ clusterName, region, ...(connected && { vpc: connected }), exposure },
    ...{ model, contextLength, parallel, instanceType, delivery },
  };
}

async function askForVpc(answers: Answers, vpcId: string): Promise<ExistingVpc> {
  const vpcCidr = await answers.flag('vpcCidr', VPC_CIDR_QUESTION);
  const privateSubnetIds = await answers.flag('subnets', SUBNETS_QUESTION);
  return { vpcId, vpcCidr, privateSubnetIds, transitSubnetIds: [], privateRouteTableIds: [] };
}

/** Kong reaches a VPC through its own subnets, and needs a route in those of the nodes. */
async function askForTransit(answers: Answers, vpc: ExistingVpc): Promise<ExistingVpc> {
  const question = transitSubnetsQuestion(vpc.privateSubnetIds.length);
  const transitSubnetIds = await answers.flag('transitSubnets', question);
  return { ...vpc, transitSubnetIds, privateRouteTableIds: await answers.flag('routeTables', ROUTE_TABLES_QUESTION) };
}

async function askForExposure(answers: Answers, vpcCidr: string): Promise<ExposureSpec> {
  const kind = await answers.flag('exposure', EXPOSURE_QUESTION);
  if (kind === 'internal') return { kind, callerCidrs: await answers.flag('callers', callersQuestion(vpcCidr)) };
  const { settings } = answers.context;
  return { kind, kongCidr: await answers.given(settings.get('kongCidr'), kongCidrQuestion(vpcCidr)) };
}

async function askForDelivery(answers: Answers): Promise<DeliverySpec> {
  const kind = await answers.flag('delivery', DELIVERY_QUESTION);
  if (kind === 'helm') return { kind };
  return { kind, repository: await answers.flag('repository', REPOSITORY_QUESTION) };
}
