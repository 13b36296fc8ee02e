import { committedInstallations } from '../support/committed-trees';
import { installations } from '../support/installations';
import { describePolicies } from './support/describe-policies';

[...installations(), ...committedInstallations()].forEach((installation) => {
  describePolicies(installation.name, installation);
});
