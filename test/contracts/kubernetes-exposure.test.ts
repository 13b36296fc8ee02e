import { EXPOSURES, type ExposureName } from '../kong/support/exposures';
import { describeApplicationContracts } from './support/describe-applications';

const NAMES: ExposureName[] = [
  'Kong, attached',
  'Kong, two networks and admin routes',
  'a VPN, with a certificate and a controller that are there',
];

for (const name of NAMES) describeApplicationContracts(name, EXPOSURES[name]().exposure.applications);
