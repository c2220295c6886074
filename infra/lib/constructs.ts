// What other packages may build on. Only what lab 10 does not teach: its database, cache, permissions and alarms are the learner's to write.
export { Network } from './network.ts';
