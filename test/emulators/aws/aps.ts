/**
 * The API of Amazon Managed Service for Prometheus, as far as Terraform creates, reads and deletes with it: moto, and what it does not
 * have, which are collectors and definitions of the alert manager.
 *
 * @see https://docs.aws.amazon.com/prometheus/latest/APIReference/API_Operations.html
 */
import { randomUUID } from 'node:crypto';
import { bodyOf, json, refusal, seconds, type AwsAnswer, type AwsPlace, type AwsRequest, type Json } from './exchange';
import type { Moto } from './moto';

const SCRAPER = /^\/scrapers(?:\/(?<id>[^/]+))?$/;
const DEFINITION = /^\/workspaces\/[^/]+\/alertmanager\/definition$/;

export class ApsEmulator {
  /** By path. */
  readonly #objects = new Map<string, Json>();

  public constructor(
    private readonly place: AwsPlace,
    private readonly moto: Moto,
  ) {}

  /** Number of collectors and definitions that exist. */
  public get size(): number {
    return this.#objects.size;
  }

  public async answer(request: AwsRequest): Promise<AwsAnswer> {
    const { pathname } = new URL(request.path, 'http://aps');
    const scraper = SCRAPER.exec(pathname);
    if (scraper !== null) return this.#scraper(request, scraper.groups?.['id']);
    if (DEFINITION.test(pathname)) return this.#definition(request, pathname);
    return this.moto.answer(request);
  }

  #scraper(request: AwsRequest, id: string | undefined): AwsAnswer {
    if (id === undefined) {
      const scraperId = `s-${randomUUID()}`;
      const { region, account } = this.place;
      const scraper = {
        ...bodyOf(request),
        scraperId,
        arn: `arn:aws:aps:${region}:${account}:scraper/${scraperId}`,
        roleArn: `arn:aws:iam::${account}:role/aws-service-role/scraper.aps.amazonaws.com/${scraperId}`,
        status: { statusCode: 'ACTIVE' },
        createdAt: seconds(),
        lastModifiedAt: seconds(),
      };
      this.#objects.set(scraperId, scraper);
      return json(scraper);
    }
    return this.#stored(request, id, (scraper) => ({ scraper }));
  }

  #definition(request: AwsRequest, pathname: string): AwsAnswer {
    if (request.method === 'POST') {
      const definition = {
        ...bodyOf(request),
        status: { statusCode: 'ACTIVE' },
        createdAt: seconds(),
        modifiedAt: seconds(),
      };
      this.#objects.set(pathname, definition);
      return json({ status: definition.status });
    }
    return this.#stored(request, pathname, (alertManagerDefinition) => ({ alertManagerDefinition }));
  }

  #stored(request: AwsRequest, key: string, answer: (object: Json) => Json): AwsAnswer {
    const object = this.#objects.get(key);
    if (object === undefined) return refusal(404, 'ResourceNotFoundException', `${key} does not exist`);
    if (request.method !== 'DELETE') return json(answer(object));
    this.#objects.delete(key);
    return json({});
  }
}
