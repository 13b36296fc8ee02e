/** ARNs of keys: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN */
import { checkForm } from '../../check-text';
import { partitionOf } from './partition';

/**
 * Refuses anything but the ARN of a KMS key in the region, since a key encrypts data only in its own region. An alias is refused,
 * because an IAM policy cannot refer to it. May be a token if `tokens` is true.
 */
export function checkKeyArn(property: string, arn: string, region: string, { tokens }: { tokens: boolean }): string {
  const beginning = `arn:${partitionOf(region)}:kms:${region}:`;
  return checkForm(property, arn, {
    pattern: new RegExp(`^${beginning}\\d{12}:key/[\\w-]+$`),
    allowed: `the ARN of a KMS key in the region, such as ${beginning}111122223333:key/…${tokens ? '' : ', known at synth'}`,
    remedy: 'use the key’s ARN, not its alias; replicate a key of another region to this one',
    tokens,
  });
}
