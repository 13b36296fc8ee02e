import { installations } from '../support/installations';
import { describePolicies } from './support/describe-policies';

installations().forEach((installation) => {
  describePolicies(installation.name, installation);
});
