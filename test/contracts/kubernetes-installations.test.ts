import { installations } from '../support/installations';
import { describeApplicationContracts } from './support/describe-applications';

installations().forEach(({ name, applications }) => {
  describeApplicationContracts(name, applications);
});
