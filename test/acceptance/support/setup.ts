import { makeTemporaryFolder } from '../../support/temporary-folder';
import { locateTools } from './tools';

export default function setUp(): void {
  makeTemporaryFolder();
  locateTools();
}
