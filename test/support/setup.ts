import { makeTemporaryFolder } from './temporary-folder';

export default makeTemporaryFolder;
