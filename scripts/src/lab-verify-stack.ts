import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lookOf, Report, type Verdict } from '@workshop/lab-kit';
import { findLab } from './labs.ts';
import { UsageError } from './report-error.ts';

/** Of lab 10: judges a stack in the AWS account that the credentials are for. Changes nothing there. */
interface Deployed {
  verifyDeployed(stackName: string): Promise<Verdict>;
}

/** `pnpm lab:verify 10 --stack NAME`. Exit code 0 when every check passes. */
export async function verifyStack(
  number: string | undefined,
  stackName: string,
  json: boolean,
): Promise<number> {
  const { lab, folders } = await findLab(number ?? '10');
  if (lab.id !== '10') throw new UsageError('--stack is for lab 10: pnpm lab:verify 10 --stack NAME');
  const file = pathToFileURL(join(folders.root, 'deployed', 'verify-deployed.ts')).href;
  const deployed = (await import(file)) as Deployed;
  const report = new Report({ lab, look: lookOf(process.stdout, process.env) });
  if (!json) console.log(report.heading());
  const verdict = await deployed.verifyDeployed(stackName);
  if (json) {
    console.log(JSON.stringify(verdict, null, 2));
  } else {
    for (const check of verdict.checks) console.log(report.check(check, []));
    console.log(report.summary(verdict));
  }
  return verdict.passed ? 0 : 1;
}
