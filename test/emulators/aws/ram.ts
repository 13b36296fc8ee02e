/**
 * The API of AWS RAM, as far as Terraform creates, reads and deletes shares with it. moto has neither permissions nor associations.
 *
 * @see https://docs.aws.amazon.com/ram/latest/APIReference/API_Operations.html
 */
import { randomUUID } from 'node:crypto';
import { bodyOf, json, refusal, seconds, type AwsAnswer, type AwsPlace, type AwsRequest, type Json } from './exchange';

interface Share extends Json {
  readonly resourceShareArn: string;
}

interface Association extends Json {
  readonly resourceShareArn: string;
  readonly associatedEntity: string;
  readonly associationType: 'PRINCIPAL' | 'RESOURCE';
}

export class RamEmulator {
  readonly #shares = new Map<string, Share>();
  #associations: readonly Association[] = [];

  public constructor(private readonly place: AwsPlace) {}

  public answer(request: AwsRequest): AwsAnswer {
    const body = bodyOf(request);
    const { pathname, searchParams } = new URL(request.path, 'http://ram');
    switch (pathname) {
      case '/deleteresourceshare':
        return json({ returnValue: this.#shares.delete(searchParams.get('resourceShareArn') ?? '') });
      case '/createresourceshare':
        return json({ resourceShare: this.#create(body) });
      case '/getresourceshares': {
        const arns = body['resourceShareArns'] as readonly string[];
        return json({
          resourceShares: [...this.#shares.values()].filter((one) => arns.includes(one.resourceShareArn)),
        });
      }
      case '/listresourcesharepermissions':
        return json({ permissions: [] });
      case '/associateresourceshare':
        return json({ resourceShareAssociations: this.#associate(body) });
      case '/disassociateresourceshare':
        return json({ resourceShareAssociations: this.#disassociate(body) });
      case '/getresourceshareassociations':
        return json({ resourceShareAssociations: this.#find(body) });
      default:
        return refusal(400, 'InvalidParameterException', `${request.path} is not emulated`);
    }
  }

  #create({ name, allowExternalPrincipals, tags }: Json): Share {
    const { region, account } = this.place;
    const share = {
      resourceShareArn: `arn:aws:ram:${region}:${account}:resource-share/${randomUUID()}`,
      name,
      owningAccountId: account,
      allowExternalPrincipals,
      status: 'ACTIVE',
      tags,
      creationTime: seconds(),
      lastUpdatedTime: seconds(),
      featureSet: 'STANDARD',
    };
    this.#shares.set(share.resourceShareArn, share);
    return share;
  }

  #associate({ resourceShareArn, principals = [], resourceArns = [] }: Json): readonly Association[] {
    const made = (type: Association['associationType'], entities: unknown): readonly Association[] =>
      (entities as readonly string[]).map((associatedEntity) => ({
        resourceShareArn: String(resourceShareArn),
        associatedEntity,
        associationType: type,
        status: 'ASSOCIATED',
        external: type === 'PRINCIPAL',
        creationTime: seconds(),
        lastUpdatedTime: seconds(),
      }));
    const associations = [...made('PRINCIPAL', principals), ...made('RESOURCE', resourceArns)];
    this.#associations = [...this.#associations, ...associations];
    return associations;
  }

  #disassociate({ resourceShareArn, principals = [], resourceArns = [] }: Json): readonly Association[] {
    const entities = [...(principals as readonly string[]), ...(resourceArns as readonly string[])];
    const ended = this.#associations.filter(
      (one) => one.resourceShareArn === resourceShareArn && entities.includes(one.associatedEntity),
    );
    this.#associations = this.#associations.filter((one) => !ended.includes(one));
    return ended.map((one) => ({ ...one, status: 'DISASSOCIATED' }));
  }

  #find({ associationType, resourceShareArns, principal, resourceArn }: Json): readonly Association[] {
    const shares = resourceShareArns as readonly string[];
    return this.#associations.filter(
      (one) =>
        one.associationType === associationType &&
        shares.includes(one.resourceShareArn) &&
        one.associatedEntity === (principal ?? resourceArn),
    );
  }
}
