/**
 * Parameters and answers of the EC2 API.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-query-api.html
 */
import type { AwsAnswer } from './exchange';

/** A value of an answer; a list is written as items. */
export type Xml = string | undefined | readonly Xml[] | { readonly [key: string]: Xml };

/** Returns the values of a parameter that is a list: `SubnetIds.1`, `SubnetIds.2`. */
export function listParameter(parameters: URLSearchParams, name: string): readonly string[] {
  return [...parameters].filter(([key]) => new RegExp(`^${name}\\.\\d+$`).test(key)).map(([, value]) => value);
}

/** Returns the values of a filter, or undefined without it. */
export function filterValues(parameters: URLSearchParams, name: string): readonly string[] | undefined {
  const key = [...parameters].find(([, value]) => value === name)?.[0];
  return key === undefined ? undefined : listParameter(parameters, key.replace('.Name', '.Value'));
}

/** Returns an answer of the EC2 API. */
export function ec2Answer(action: string, body: Readonly<Record<string, Xml>>): AwsAnswer {
  const text = `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${xml(body)}</${action}Response>`;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: text };
}

/** Returns a refusal of the EC2 API. */
export function ec2Refusal(code: string, message: string): AwsAnswer {
  const text = `<Response><Errors>${xml({ Error: { Code: code, Message: message } })}</Errors></Response>`;
  return { status: 400, headers: { 'content-type': 'text/xml' }, body: text };
}

/** Returns a value as XML. */
export function xml(value: Xml): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  if (isList(value)) return value.map((item) => `<item>${xml(item)}</item>`).join('');
  return Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([key, field]) => `<${key}>${xml(field)}</${key}>`)
    .join('');
}

function isList(value: Xml): value is readonly Xml[] {
  return Array.isArray(value);
}

/** Returns the text of the first element with a name in an answer. */
export function elementText({ body }: AwsAnswer, name: string): string {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1];
  if (text === undefined) throw new Error(`no ${name} in ${body}`);
  return text;
}
