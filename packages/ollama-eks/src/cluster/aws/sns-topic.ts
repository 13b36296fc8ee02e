import { checkForm } from '../../check-text';

/** Refuses anything but the ARN of a standard topic, or a token: FIFO topics do not accept messages of AWS services. */
export function checkTopicArn(property: string, arn: string): string {
  return checkForm(property, arn, {
    pattern: /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
    allowed: 'the ARN of a standard SNS topic, such as arn:aws:sns:us-west-2:111122223333:cost',
    remedy: 'copy it from `aws sns list-topics`',
    tokens: true,
  });
}
