import { EXPOSURES, type ExposureName } from '../kong/support/exposures';
import { describeApplicationContracts } from './support/describe-applications';

const NAMES: ExposureName[] = [
  'Kong, attached',
  'Kong, two networks and admin routes',
  'a VPN, with an existing certificate and controller',
];

for (const name of NAMES) describeApplicationContracts(name, EXPOSURES[name]().exposure.applications);
