// The door to every command: `node scripts/run.mjs start`. Plain JavaScript on purpose, because it runs before
// anything is installed. It installs the workspace when that is needed, then runs `scripts/<command>.ts` in this process.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const [command, ...args] = process.argv.slice(2);

// `pnpm services:logs | head` closes our output early: that is the reader's right, and no error.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

checkNode();
if (!isInstalled()) install();

// What `--stack` needs, the AWS SDK, is no part of what is compiled.
const wantsCompiled = command === 'lab' && !args.some((each) => each.startsWith('--stack'));
const compiled = wantsCompiled ? await compiledLab() : undefined;
if (compiled) {
  process.exitCode = await compiled.exports.main(args);
  compiled.saveCodeCache();
} else {
  const { main } = await fromSource(`./${command}.ts`);
  process.exitCode = await main(args);
}

async function fromSource(file) {
  const { register } = await import('tsx/esm/api');
  register();
  return await import(file);
}

/** `lab` is run again and again while somebody waits: it is kept compiled. */
async function compiledLab() {
  const source = `export { main } from './lab.ts'; import { giveToLabs } from './src/give-to-labs.ts'; giveToLabs();`;
  const { findCompiled, loadCompiled } = await import('@workshop/lab-kit/compiled');
  const kept = join(process.env.WORKSHOP_STATE || join(root, '.workshop'), 'compiled');
  let file = findCompiled(kept, 'lab', source);
  if (!file) {
    const { compileProgram } = await fromSource('@workshop/lab-kit/compile');
    const folder = join(root, 'scripts');
    // What can't be compiled is run from its source, which says why.
    file = await compileProgram({ name: 'lab', source, folder }).catch(() => undefined);
  }
  return file && loadCompiled(file, /^[a-z]+$/.test(args[0] ?? '') ? args[0] : 'other');
}

function checkNode() {
  const wanted = manifest.engines.node.replace('>=', '');
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  fail(`This needs Node ${wanted} or newer; this is ${process.version}. Get one from https://nodejs.org.`);
}

/** pnpm leaves a copy of the lockfile it installed: equal copies mean there is nothing to do. */
function isInstalled() {
  const installed = join(root, 'node_modules/.pnpm/lock.yaml');
  return (
    existsSync(installed) &&
    existsSync(join(root, 'scripts/node_modules/tsx')) &&
    readFileSync(installed, 'utf8') === readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')
  );
}

/** Through npx and the exact version, so that neither pnpm nor corepack has to be there. */
function install() {
  console.error('Installing the packages (once, and after an update) ...');
  // npx hands its own log level down to what it runs; pnpm is to say how far it is.
  const pnpm = [
    'install',
    '--frozen-lockfile',
    '--prefer-offline',
    '--reporter=append-only',
    '--loglevel=info',
  ];
  const result = spawnSync('npx', ['--yes', '--loglevel=error', manifest.packageManager, ...pnpm], {
    cwd: root,
    // Progress goes to stderr: a command's own output, such as `--json`, stays clean.
    stdio: ['ignore', 2, 2],
    // CI=true makes pnpm and npx answer their own questions.
    env: { ...process.env, CI: 'true' },
  });
  if (result.error)
    fail(`npx could not be started (${result.error.message}). It comes with Node: is npm installed?`);
  if (result.status !== 0) {
    fail(
      'The packages could not be installed; the lines above say why. Is the npm registry reachable from here?',
    );
  }
}

function fail(line) {
  console.error(line);
  process.exit(1);
}
