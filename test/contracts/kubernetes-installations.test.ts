import { committedInstallations } from '../support/committed-trees';
import { installations } from '../support/installations';
import { describeApplicationContracts } from './support/describe-applications';

[...installations(), ...committedInstallations()].forEach(({ name, applications }) => {
  describeApplicationContracts(name, applications);
});
