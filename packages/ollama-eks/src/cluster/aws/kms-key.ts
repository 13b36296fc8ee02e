/** ARNs of keys: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN */
import { checkForm } from '../../check-text';
import { partitionOf } from './partition';

/**
 * Refuses what is no KMS key of the region: what a key encrypts lies in the key's own region. An alias isn't taken, since a
 * policy can't name it. May be a token where `tokens` allows it.
 */
export function checkKeyArn(property: string, arn: string, region: string, { tokens }: { tokens: boolean }): string {
  const beginning = `arn:${partitionOf(region)}:kms:${region}:`;
  return checkForm(property, arn, {
    pattern: new RegExp(`^${beginning}\\d{12}:key/[\\w-]+$`),
    allowed: `the ARN of a KMS key of the region, such as ${beginning}111122223333:key/…${tokens ? '' : ', known at synth'}`,
    remedy: 'give the key’s ARN, not its alias; a key of another region needs a replica here',
    tokens,
  });
}
