import { describeContract } from './suite.ts';
import { replicaSet } from './topologies.ts';

describeContract('a primary with two replicas, read from one of them', replicaSet);
