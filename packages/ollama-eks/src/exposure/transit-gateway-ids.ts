// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
import { checkForm } from '../check-text';

/** How an id begins, and what it is of. */
const KINDS = {
  tgw: 'a transit gateway',
  'tgw-attach': 'an attachment to a transit gateway',
  'tgw-rtb': 'a route table of a transit gateway',
} as const;

const ARN = {
  pattern: /^arn:aws[\w-]*:ec2:[a-z0-9-]+:\d{12}:transit-gateway\/tgw-[0-9a-f]{8,17}$/,
  problem: 'is not the ARN of a transit gateway',
  allowed: 'an ARN like arn:aws:ec2:us-west-2:111122223333:transit-gateway/tgw-0123456789abcdef0',
  remedy: 'copy it from the VPC console, give a token, or use TransitGateway.fromTransitGatewayId',
  tokens: true,
};

/** Refuses an id of another kind, such as that of a VPC's route table; tokens are taken. */
export function checkTransitGatewayId(property: string, value: string, kind: keyof typeof KINDS): void {
  checkForm(property, value, {
    pattern: new RegExp(`^${kind}-[0-9a-f]{8,17}$`),
    problem: `is not the id of ${KINDS[kind]}`,
    allowed: `an id like ${kind}-0123456789abcdef0`,
    remedy: 'copy it from the VPC console, or give a token',
    tokens: true,
  });
}

/** Refuses what is not the ARN of a transit gateway; tokens are taken. */
export function checkTransitGatewayArn(property: string, value: string): void {
  checkForm(property, value, ARN);
}
