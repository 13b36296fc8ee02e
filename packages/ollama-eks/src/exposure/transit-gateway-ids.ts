// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
import { checkForm } from '../check-text';

/** Prefix of an ID, and the resource that it belongs to. */
const KINDS = {
  tgw: 'a transit gateway',
  'tgw-attach': 'an attachment to a transit gateway',
  'tgw-rtb': 'a route table of a transit gateway',
} as const;

const ARN = {
  pattern: /^arn:aws[\w-]*:ec2:[a-z0-9-]+:\d{12}:transit-gateway\/tgw-[0-9a-f]{8,17}$/,
  problem: 'is not the ARN of a transit gateway',
  allowed: 'an ARN like arn:aws:ec2:us-west-2:111122223333:transit-gateway/tgw-0123456789abcdef0',
  remedy: 'copy it from the VPC console, pass a token, or use TransitGateway.fromTransitGatewayId',
  tokens: true,
};

/** Refuses IDs of other resources, such as a VPC's route table; accepts tokens. */
export function checkTransitGatewayId(property: string, value: string, kind: keyof typeof KINDS): void {
  checkForm(property, value, {
    pattern: new RegExp(`^${kind}-[0-9a-f]{8,17}$`),
    problem: `is not the ID of ${KINDS[kind]}`,
    allowed: `an ID like ${kind}-0123456789abcdef0`,
    remedy: 'copy it from the VPC console, or pass a token',
    tokens: true,
  });
}

/** Refuses anything but the ARN of a transit gateway; accepts tokens. */
export function checkTransitGatewayArn(property: string, value: string): void {
  checkForm(property, value, ARN);
}
