import { findServers } from '../src/server-program.ts';
import { runCommand } from '../src/run-command.ts';
import { readSettings } from '../src/settings.ts';
import { makeState, nativeEnv } from './support.ts';

/** A vitest global setup: the tests need servers on this machine itself. Where there are none, this is the installation's own test. */
export default async function setup(): Promise<void> {
  const known = { run: runCommand, settings: readSettings(nativeEnv) };
  const found = await Promise.all([findServers('mysql', known), findServers('redis', known)]);
  if (found.every((servers) => servers.length > 0)) return;
  const state = await makeState();
  try {
    await state.up();
  } finally {
    for (const line of state.lines) console.log(line);
    await state.remove();
  }
}
