import {
  cidrRefusal,
  cidrsOverlap,
  contextLimit,
  gib,
  kongCidrRefusals,
  minContext,
  modelFigures,
  modelPurposes,
  ValidationError,
} from '@org/ollama-eks/pure';
import { AGENT_CONTEXT } from '../models/agent-context';
import { listedFigures } from '../models/listed-figures';
import { listedInstance } from '../models/listed-instance';
import { type UsageError, wrongValue } from '../program/errors';
import type { Question } from '../program/question';
import { checkSetting } from '../program/settings';
import { wholeNumber } from '../program/whole-number';
import type { DeliverySpec, ExposureSpec } from './project-spec';
import { fitOf, holders, listOfHolders, listOfModels, requireFit, type Serving, sizeInWords } from './sizes';

/** Answer that creates a VPC. */
export const NEW_VPC = 'new';

const CLUSTER_NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const VPC = /^(new|vpc-[0-9a-z]+)$/;
const SUBNET = /^subnet-[0-9a-z]+$/;
const ROUTE_TABLE = /^rtb-[0-9a-z]+$/;
/** Address of a Git repository, without a password. */
const REPOSITORY = /^(https:\/\/|ssh:\/\/([\w.-]+@)?|[\w.-]+@)[\w.-]+[:/][^\s?#@]+$/;
/** Kong networks have at least two zones; fewer zones allow the smallest range. */
const FEWEST_ZONES = 2;
/** `OLLAMA_NUM_PARALLEL` that the library accepts. */
const MOST_PARALLEL = 256;

export const CLUSTER_QUESTION: Question<string> = {
  text: 'Name of the cluster? (Enter accepts the answer in brackets; ? explains, and lists answers)',
  preset: 'ollama',
  parse: formOf('--cluster', CLUSTER_NAME, {
    allowed: 'at most 63 lowercase letters, digits, and dashes, beginning with a letter',
    remedy: 'choose another name',
  }),
  help: () => 'Names the EKS cluster and everything that belongs to it; must be unique in the account and region.',
};

export const REGION_QUESTION: Question<string> = {
  text: 'AWS region?',
  preset: 'us-west-2',
  parse(text) {
    checkSetting('awsRegion', text);
    return text;
  },
  help: () =>
    [
      'Regions with an instance type, such as g6e.2xlarge, and your credentials:',
      '  aws account list-regions --region-opt-status-contains ENABLED ENABLED_BY_DEFAULT --query "Regions[].RegionName"',
      '  aws ec2 describe-instance-type-offerings --region REGION --filters Name=instance-type,Values=g6e.2xlarge',
    ].join('\n'),
};

export const VPC_QUESTION: Question<string> = {
  text: `Existing VPC, by its ID, or ${NEW_VPC}?`,
  preset: NEW_VPC,
  parse: formOf('--vpc', VPC, {
    allowed: `${NEW_VPC}, or an ID such as vpc-0123456789abcdef0`,
    remedy: 'see aws ec2 describe-vpcs',
  }),
  help: () =>
    [
      `${NEW_VPC} creates a VPC in three zones, with a NAT gateway. An existing one needs a private subnet in each of at`,
      'least two zones whose nodes reach the internet. IDs and ranges:',
      '  aws ec2 describe-vpcs --query "Vpcs[].[VpcId,CidrBlock]" --output text',
    ].join('\n'),
};

export const VPC_CIDR_QUESTION: Question<string> = {
  text: 'IPv4 range of that VPC?',
  preset: '',
  parse: range('--vpc-cidr'),
  help: VPC_QUESTION.help,
};

export const SUBNETS_QUESTION: Question<readonly string[]> = {
  text: 'Private subnets, one in each zone, separated by commas?',
  preset: '',
  parse: (text) => idsOf('--subnets', text, SUBNET, 'at least two IDs such as subnet-0123456789abcdef0', { least: 2 }),
  help: () =>
    'Subnets and their zones:\n  aws ec2 describe-subnets --filters Name=vpc-id,Values=VPC --query "Subnets[].[SubnetId,AvailabilityZone,CidrBlock]" --output text',
};

/** @param zones number of private subnets */
export function transitSubnetsQuestion(zones: number): Question<readonly string[]> {
  return {
    text: `Subnets for the transit gateway, one in each of the same ${String(zones)} zones?`,
    preset: '',
    parse: (text) =>
      idsOf('--transit-subnets', text, SUBNET, `${String(zones)} IDs, one in the zone of each private subnet`, {
        least: zones,
        most: zones,
      }),
    help: () =>
      'Kong reaches the VPC through an attachment in these subnets; /28 is large enough. Without them, choose internal.',
  };
}

export const ROUTE_TABLES_QUESTION: Question<readonly string[]> = {
  text: 'Route tables of the private subnets, separated by commas?',
  preset: '',
  parse: (text) => idsOf('--route-tables', text, ROUTE_TABLE, 'IDs such as rtb-0123456789abcdef0', { least: 1 }),
  help: () =>
    'Each gets a route to Kong. Tables of the subnets:\n  aws ec2 describe-route-tables --filters Name=vpc-id,Values=VPC --query "RouteTables[].[RouteTableId,Associations[].SubnetId]"',
};

export const EXPOSURE_QUESTION: Question<ExposureSpec['kind']> = {
  text: 'Who calls: kong (teams with keys, from anywhere) or internal (a VPN or a peered VPC)?',
  preset: 'kong',
  parse: oneOf('--exposure', ['kong', 'internal']),
  help: () =>
    [
      'kong      A dedicated cloud gateway of Kong Konnect checks keys and limits. It costs extra, sees prompts, and needs',
      '          a token of Konnect.',
      'internal  An internal load balancer without keys: everyone in the ranges that you allow can use the models.',
    ].join('\n'),
};

/** @param vpcCidr range that the Kong network must not overlap */
export function kongCidrQuestion(vpcCidr: string): Question<string> {
  return {
    text: 'IPv4 range of the Kong network?',
    preset: ['192.168.0.0/22', '172.20.0.0/22'].find((cidr) => !cidrsOverlap(cidr, vpcCidr)) ?? '',
    parse(text) {
      const [refusal] = kongCidrRefusals('--kong-cidr', text, {
        zoneCount: FEWEST_ZONES,
        neighbors: [{ name: 'the VPC', cidr: vpcCidr }],
      });
      if (refusal !== undefined) throw new ValidationError(refusal);
      return text;
    },
    help: () =>
      `Must not overlap ${vpcCidr} of the VPC, nor another network on the same transit gateway. It cannot be changed later.`,
  };
}

/** @param vpcCidr range that is admitted unless the user chooses others */
export function callersQuestion(vpcCidr: string): Question<readonly string[]> {
  return {
    text: 'IPv4 ranges that may call, separated by commas?',
    preset: vpcCidr,
    parse(text) {
      const ranges = [...new Set(wordsOf(text))];
      if (ranges.length === 0) return [callerRange(text)]; // refuses an empty answer
      return ranges.map(callerRange);
    },
    help: () =>
      'Ranges of a VPN or of peered VPCs, such as 10.8.0.0/24. Everyone in them can use the models, without a key.',
  };
}

export const MODEL_QUESTION: Question<string> = {
  text: 'Model, with its tag?',
  preset: 'qwen3-coder:30b',
  parse(text) {
    const remedy = `create the project with a listed model, and replace its entry in main.ts by the one that ollama-eks models inspect ${text} prints`;
    listedFigures('--model', text, remedy);
    return text;
  },
  help: listOfModels,
  consequence(name) {
    const { bytes, contextLength } = modelFigures(name);
    return `${gib(bytes)}, up to ${contextLength.toLocaleString('en-US')} tokens; for ${modelPurposes(name).join(', ')}`;
  },
};

/** Asks for the context for coding agents, or for the model's native one if that is smaller. */
export function contextQuestion(model: string): Question<number> {
  const figures = modelFigures(model);
  return {
    text: 'Tokens of one request, prompt and answer together?',
    preset: String(Math.min(AGENT_CONTEXT, figures.contextLength)),
    parse: wholeNumber('--context', { from: minContext(figures), to: figures.contextLength }),
    help: () =>
      `From ${String(minContext(figures))} to ${String(figures.contextLength)}. Coding agents need about ${String(AGENT_CONTEXT)}; more costs GPU memory for each simultaneous request.`,
    consequence: (contextLength) => priceFrom({ model, contextLength, parallel: 1 }),
  };
}

export function parallelQuestion({ model, contextLength }: Omit<Serving, 'parallel'>): Question<number> {
  return {
    text: 'Simultaneous requests?',
    preset: '1',
    parse(text) {
      const parallel = wholeNumber('--parallel', { to: MOST_PARALLEL })(text);
      const limit = contextLimit(modelFigures(model), parallel);
      if (contextLength > limit) {
        throw wrongValue('--parallel', text, `${model} crashes with ${String(contextLength)} tokens each`, {
          remedy: `choose fewer, or --context ${String(limit)}`,
        });
      }
      if (holders({ model, contextLength, parallel }).length === 0) {
        throw wrongValue(
          '--parallel',
          text,
          `no listed instance type holds ${model} with ${String(contextLength)} tokens each`,
          {
            remedy: 'choose fewer, or a smaller --context or --model',
          },
        );
      }
      return parallel;
    },
    help: () => 'Each has its own context in GPU memory. Further requests wait in a queue.',
    consequence: (parallel) => listOfHolders(holders({ model, contextLength, parallel })),
  };
}

/** Asks for an instance type that holds the model; presets the cheapest. */
export function instanceQuestion(serving: Serving): Question<string> {
  const all = holders(serving);
  return {
    text: 'GPU instance type?',
    preset: all[0]?.instance.name ?? '',
    parse(text) {
      const found = fitOf(serving, listedInstance(text, serving.model));
      requireFit(serving, found);
      return found.instance.name;
    },
    help: () => `All that hold ${serving.model}, the cheapest first:\n${listOfHolders(all, all.length)}`,
    consequence: (instance) => sizeInWords(fitOf(serving, instance)),
  };
}

export const DELIVERY_QUESTION: Question<DeliverySpec['kind']> = {
  text: 'What delivers to the cluster: argocd (from a Git repository) or helm (from Terraform)?',
  preset: 'argocd',
  parse: oneOf('--delivery', ['argocd', 'helm']),
  help: () =>
    [
      'argocd  Argo CD applies the manifests of a Git tag, and corrects what is changed by hand. Needs a Git repository.',
      'helm    Terraform applies the same manifests as Helm releases. Needs nothing else; changed objects stay changed.',
    ].join('\n'),
};

export const REPOSITORY_QUESTION: Question<string> = {
  text: 'Git repository that Argo CD reads?',
  preset: '',
  parse: formOf('--repository', REPOSITORY, {
    allowed: 'https://host/path, ssh://host/path, or user@host:path, without a password',
    remedy: 'name a repository that Argo CD can read, or choose --delivery helm',
  }),
  help: () =>
    'The repository of this project, such as https://github.com/acme/platform: `ollama-eks render` writes its argocd/ folder.',
};

function priceFrom(serving: Serving): string {
  const [cheapest] = holders(serving);
  if (cheapest === undefined) return 'no listed instance type holds it';
  return `fits from ${cheapest.instance.name}: ${sizeInWords(cheapest)}`;
}

function formOf(flag: string, form: RegExp, advice: { readonly allowed: string; readonly remedy: string }) {
  return (text: string): string => {
    if (!form.test(text)) throw wrongValue(flag, text, 'is not supported', advice);
    return text;
  };
}

function oneOf<Word extends string>(flag: string, words: readonly Word[]) {
  return (text: string): Word => {
    const word = words.find((other) => other === text);
    if (word !== undefined) return word;
    throw wrongValue(flag, text, 'is not supported', { allowed: words.join(', '), remedy: 'choose one of them' });
  };
}

function range(flag: string) {
  return (text: string): string => {
    const refusal = cidrRefusal(flag, text);
    if (refusal !== undefined) throw new ValidationError(refusal);
    return text;
  };
}

function callerRange(text: string): string {
  if (text.endsWith('/0')) {
    throw wrongValue('--callers', text, 'must not admit everybody', {
      allowed: 'private IPv4 ranges',
      remedy: 'use the range of the VPN or of the peered VPC',
    });
  }
  return range('--callers')(text);
}

interface Count {
  readonly least: number;
  readonly most?: number;
}

function idsOf(flag: string, text: string, form: RegExp, allowed: string, { least, most }: Count): readonly string[] {
  const ids = wordsOf(text);
  const wrong = ids.find((id) => !form.test(id));
  const refuse = (problem: string): UsageError =>
    wrongValue(flag, text, problem, { allowed, remedy: 'separate them by commas' });
  if (wrong !== undefined) throw refuse(`${JSON.stringify(wrong)} is not an ID of this kind`);
  if (new Set(ids).size < ids.length) throw refuse('must not contain duplicates');
  if (ids.length < least) throw refuse(`must have at least ${String(least)}`);
  if (ids.length > (most ?? ids.length)) throw refuse(`must have exactly ${String(most)}`);
  return ids;
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
