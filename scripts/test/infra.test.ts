import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { main } from '../infra.ts';

// How arguments become a command's. What the commands do is tested in infra.
let printed = '';
beforeAll(() => {
  for (const stream of ['log', 'error'] as const) {
    vi.spyOn(console, stream).mockImplementation((line: string) => {
      printed += `${line}\n`;
    });
  }
  vi.stubEnv('AWS_REGION', '');
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere/config');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere/credentials');
});
beforeEach(() => {
  printed = '';
});
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test('--help says what there is, in 80 columns', async () => {
  expect(await main(['--help'])).toBe(0);
  expect(printed).toMatch(/^pnpm infra:synth [^]*infra:destroy [^]*AWS_PROFILE/);
  expect(Math.max(...printed.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test.each([
  [[], 'Not understood: infra '],
  [['undeploy'], 'Not understood: infra undeploy'],
  [['synth', 'status'], 'Not understood: infra synth status'],
  [['synth', '--yes'], 'infra:synth has no option --yes.'],
  [['open', '--profile', 'workshop'], 'infra:open has no option --profile.'],
  [['status', '--now'], "Unknown option '--now'"],
  [['open', '--port', 'eight'], '--port must be a whole number from 1 to 65535, not eight.'],
  [['open', '--port', '65536'], '--port must be a whole number'],
  [['load', '--rows', '10'], '--rows must be a whole number from 1000 to 5000000, not 10.'],
  [['synth', '-c', 'production'], '-c takes NAME=VALUE'],
  [['synth', '--profile', 'workshop', '-c', 'profile=production'], 'profile is given twice.'],
])('infra %j is answered with what is wrong, and exit code 2', async (args, told) => {
  expect(await main(args)).toBe(2);
  expect(printed).toContain(told);
});

test('the short options are settings, and so is what -c gives', async () => {
  const args = ['--profile', 'palace', '--visitors', 'all', '--email', 'me', '--hours', 'x', '--stack', '8'];
  expect(await main(['synth', ...args, '-c', 'cache.mode=none', '-c', 'cache.colour=a=b'])).toBe(1);
  const lines = printed.trim().split('\n');
  const names = [
    'profile',
    'stackName',
    'access.visitors',
    'alarmEmail',
    'destroyAfterHours',
    'cache.mode',
    'cache.colour',
  ];
  for (const name of names) expect(lines.filter((line) => line.startsWith(`${name} `))).toHaveLength(1);
});

test.each([['open'], ['status'], ['load'], ['destroy']])(
  'infra:%s without a region says how to name one, not where it went wrong',
  async (command) => {
    const foreseen = /^No AWS region is set\.|^The session-manager-plugin is not/;
    expect(await main([command])).toBe(1);
    expect(printed).toMatch(foreseen);
    expect(printed).not.toMatch(/^ +at /m);
  },
);
