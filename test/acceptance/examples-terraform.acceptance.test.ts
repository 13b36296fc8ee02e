import { exampleSuite } from './support/example-suite';

exampleSuite('terraform');
