import { describeContract } from './suite.ts';
import { singleServer } from './topologies.ts';

describeContract('a single server', singleServer);
