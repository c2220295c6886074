import { fail } from '@workshop/lab-kit';
import { expectedOutputs } from '../checks/outputs.ts';
import type { DeployedCheck } from './deployed-check.ts';

export const filled: DeployedCheck = {
  id: 'filled',
  title: 'The outputs have values, and lead to what runs',
  expected: 'an endpoint, a name or an address in each; endpoints as RDS and ElastiCache tell them',
  hint: 'The Outputs tab of the stack shows what the demo will read.',
  judge({ stack: { outputs }, written, runs }) {
    const asWritten = expectedOutputs(written);
    const names = Object.keys(asWritten);
    const empty = names.filter((name) => !outputs[name]);
    if (empty.length > 0) {
      fail(`${empty.length} of ${names.length} outputs without a value: ${empty.join(', ')}`, {
        mistake: 'output-missing',
        leadsTo: 'The demo looks them up by name and does not start.',
      });
    }
    for (const [name, { what, values }] of Object.entries(expectedOutputs(runs))) {
      // The others are names that the model made up.
      const told = values.filter((value) => !asWritten[name]?.values.includes(value));
      if (told.length === 0 || told.includes(outputs[name] ?? '')) continue;
      fail(`the output ${name} is ${outputs[name]}, expected ${what}: ${told[0]}`, {
        mistake: 'wrong-output',
        leadsTo: 'The demo connects to what is no longer there.',
      });
    }
    return names.map((name) => `${name} ${outputs[name]}`).join(', ');
  },
};
