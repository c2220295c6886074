import { enginesDown, enginesStatus, enginesUp } from '@workshop/engines';
import { report } from './src/report-error.ts';
import { root } from './src/root.ts';
import { runStep, type Step } from './src/steps.ts';
import { addReports, clearReports, type Totals } from './src/test-reports.ts';

const turboTest = [
  'turbo',
  'run',
  'test',
  '--output-logs=new-only',
  '--log-order=grouped',
  '--continue',
  '--concurrency=2',
];
const vitestReports = [
  '--reporter=default',
  '--reporter=json',
  '--outputFile=node_modules/.cache/test-report.json',
];

/** `npm test`: every check that CI makes. The last line is the totals. */
export async function main(): Promise<number> {
  const checks: Step[] = [
    { name: 'format', command: ['oxfmt', '--check'] },
    { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
    { name: 'imports', command: ['node', 'scripts/run.mjs', 'check-imports'] },
    { name: 'types', command: ['turbo', 'run', 'typecheck', '--output-logs=errors-only'] },
  ];
  const totals: Totals = { passed: 0, failed: 0 };
  for (const check of checks) totals[(await runStep(check, false)) ? 'passed' : 'failed']++;
  await addTests(totals);
  console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed === 0 ? 0 : 1;
}

async function addTests(totals: Totals): Promise<void> {
  const wereUp = (await enginesStatus()).some((engine) => engine.state === 'running');
  try {
    const engines = await enginesUp({ onProgress: (line) => console.log(line) });
    await clearReports(root);
    const passed = await runStep(
      {
        name: 'tests',
        command: [...turboTest, '--', ...vitestReports],
        // Part of turbo's key: a pass on one version of an engine says nothing about another.
        env: {
          WORKSHOP_ENGINE_VERSIONS: `${engines.versions.mysql} ${engines.versions.redis}`,
          TURBO_TELEMETRY_DISABLED: '1',
        },
      },
      true,
    );
    const { passed: good, failed: bad } = await addReports(root);
    totals.passed += good;
    // A package whose run broke off leaves no report.
    totals.failed += passed ? bad : Math.max(bad, 1);
  } catch (error) {
    totals.failed++;
    report(error);
  } finally {
    if (!wereUp) await enginesDown();
  }
}
