import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Figure } from './support/figure.ts';

const ROUNDS = 5;
const infra = path.resolve(import.meta.dirname, '..');
const run = path.resolve(infra, '../scripts/run.mjs');
const bin = (name: string) => path.join(infra, 'node_modules/.bin', name);

/** From the start to the end of each command, warm: what is compiled and built once is. */
export default {
  id: 'synth-vs-bare',
  title: 'Time of infra:synth, over that of cdk synth for the same stack in a bare app',
  target: { atMost: 1.5 },
  async measure({ log }) {
    const folder = await mkdtemp(path.join(tmpdir(), 'workshop-bench-'));
    const app = `${bin('tsx')} bench/support/bare-app.ts`;
    const contestants = {
      ours: () => time(process.execPath, [run, 'infra', 'synth']),
      bare: () => time(bin('cdk'), ['synth', '--quiet', '--app', app, '--output', folder]),
    };
    try {
      // Ours first: it builds the bundle that both put into the stack.
      await contestants.ours();
      await contestants.bare();
      const rounds: { readonly ours: number; readonly bare: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        rounds.push({ bare: await contestants.bare(), ours: await contestants.ours() });
      }
      const ours = median(rounds.map((round) => round.ours));
      const bare = median(rounds.map((round) => round.bare));
      log(`ours ${(ours / 1_000).toFixed(1)} s, bare ${(bare / 1_000).toFixed(1)} s`);
      return ours / bare;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
} satisfies Figure;

/** @returns from its start to its end, ms @throws when it fails */
async function time(command: string, args: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(command, args, { cwd: infra, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw new Error(`${command} ended with exit code ${code}: ${Buffer.concat(said).toString()}`);
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
