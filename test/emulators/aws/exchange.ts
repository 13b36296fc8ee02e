/** Requests to AWS, and their answers. */

/** An account and a region of it. */
export interface AwsPlace {
  readonly account: string;
  readonly region: string;
}

export interface AwsRequest {
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Json = Readonly<Record<string, unknown>>;

/** Returns an answer of an API that speaks JSON. */
export function json(body: Json): AwsAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Returns a refusal of an API that speaks JSON. */
export function refusal(status: number, type: string, message: string): AwsAnswer {
  const { headers, body } = json({ message });
  return { status, headers: { ...headers, 'x-amzn-errortype': type }, body };
}

/** Returns the body of a request to an API that speaks JSON. */
export function bodyOf({ body }: AwsRequest): Json {
  return body === '' ? {} : (JSON.parse(body) as Json);
}

/** Returns the time, as APIs that speak JSON write it. */
export function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
