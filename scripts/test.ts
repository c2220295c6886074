import { enginesDown, enginesStatus, enginesUp } from '@workshop/engines';
import { report } from './src/report-error.ts';
import { root } from './src/root.ts';
import { runStep, type Step } from './src/steps.ts';
import { addReports, clearReports, type Reported } from './src/test-reports.ts';

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
  const totals: Reported = { passed: 0, failed: 0, failures: [] };
  for (const check of checks) {
    if (await runStep(check, false)) totals.passed++;
    else fail(totals, `${check.name}: its output is above`);
  }
  await addTests(totals);
  // Said again at the end: of a long log often only the end is kept.
  for (const failure of totals.failures) console.log(`\nFAILED  ${failure}`);
  console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed === 0 ? 0 : 1;
}

async function addTests(totals: Reported): Promise<void> {
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
    const reported = await addReports(root);
    totals.passed += reported.passed;
    totals.failed += reported.failed;
    totals.failures.push(...reported.failures);
    if (!passed && reported.failed === 0)
      fail(totals, 'tests: all passed, but a package ended with an error');
  } catch (error) {
    fail(totals, 'tests: their run ended with the error above');
    report(error);
  } finally {
    if (!wereUp) await enginesDown();
  }
}

function fail(totals: Reported, failure: string): void {
  totals.failed++;
  totals.failures.push(failure);
}
