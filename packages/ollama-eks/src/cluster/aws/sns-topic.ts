import { checkForm } from '../../check-text';
import { ValidationError } from '../../errors';
import { Token } from '../../framework';

/** Refuses anything but the ARN of a standard topic, or a token: FIFO topics do not accept messages of AWS services. */
export function checkTopicArn(property: string, arn: string): string {
  return checkForm(property, arn, {
    pattern: /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
    allowed: 'the ARN of a standard SNS topic, such as arn:aws:sns:us-west-2:111122223333:cost',
    remedy: 'copy it from `aws sns list-topics`',
    tokens: true,
  });
}

/**
 * Refuses a topic of another region, as far as that is known at synth: an alert manager signs its messages for its own.
 * @see https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-alertmanager-receiver-config.html
 */
export function checkRegionalTopicArn(property: string, arn: string, region: string): string {
  checkTopicArn(property, arn);
  if (Token.isUnresolved(arn) || arn.split(':')[3] === region) return arn;
  throw new ValidationError({
    property,
    value: arn,
    problem: `is a topic of another region than ${region}`,
    allowed: `a topic of ${region}`,
    remedy: 'create a topic in the region of the cluster',
  });
}
