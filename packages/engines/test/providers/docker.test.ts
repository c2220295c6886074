import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { enginesDown, enginesLogs, enginesReset, enginesStatus } from '../../src/index.ts';
import { withEngines } from '../../src/open-context.ts';
import { dockerProvider } from '../../src/providers/docker.ts';
import { nativeProvider } from '../../src/providers/native.ts';
import { runCommand } from '../../src/run-command.ts';
import { findServers } from '../../src/server-program.ts';
import { readSettings, repositoryRoot } from '../../src/settings.ts';
import { makeContext } from '../context.ts';
import { fakeRun } from '../fake-run.ts';
import { nativeEnv, takePort } from '../support.ts';

const answering = {
  'docker version': { stdout: '28.2.2\n' },
  'docker compose version': { stdout: '2.36.0\n' },
};

describe('what does not count as Docker', () => {
  for (const [name, answers, why] of [
    ['no client', {}, 'no Docker engine answers'],
    [
      'a client whose engine is away',
      { 'docker version': { code: 1, stderr: 'Cannot connect to the Docker daemon' } },
      'no Docker engine answers',
    ],
    ['a client that hangs', { 'docker version': { code: null } }, 'no Docker engine answers'],
    [
      'an engine without compose',
      { 'docker version': { stdout: '20.10.24' }, 'docker compose version': { code: 1 } },
      'Docker is here without its compose plugin',
    ],
  ] as const) {
    test(name, async () => {
      const fake = fakeRun(answers);
      const { context } = await makeContext(fake.run);
      expect(await dockerProvider.up(['mysql', 'redis'], context)).toEqual([
        { kind: 'mysql', why },
        { kind: 'redis', why },
      ]);
      expect(fake.commands[0]).toBe('docker version --format {{.Server.Version}}');
      expect(fake.options[0]?.timeoutMs).toBeGreaterThan(0);
    });
  }

  test('any, when only native engines are wanted', async () => {
    const fake = fakeRun(answering);
    const { context } = await makeContext(fake.run, { WORKSHOP_ENGINES: 'native' });
    expect(await dockerProvider.up(['redis'], context)).toEqual([
      { kind: 'redis', why: 'WORKSHOP_ENGINES=native leaves out Docker' },
    ]);
    expect(fake.commands).toEqual([]);
  });
});

describe('what is run', () => {
  const containers: ChildProcess[] = [];
  afterEach(() => {
    for (const container of containers.splice(0)) container.kill('SIGKILL');
  });

  /** What `docker compose up` would do with the container of that name: a real server, on the port that the variables say. */
  async function startServer(
    env: NodeJS.ProcessEnv = {},
    portVariable: string,
    offset = 0,
    more: string[] = [],
  ): Promise<object> {
    const known = { run: runCommand, settings: readSettings(nativeEnv) };
    const [program] = await findServers('redis', known);
    const port = String(Number(env[portVariable]) + offset);
    const args = [
      '--port',
      port,
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--requirepass',
      env['WORKSHOP_REDIS_PASSWORD']!,
      ...more,
    ];
    const { folder: cwd } = (await makeContext(runCommand)).context;
    const server = spawn(program!.file, args, { cwd });
    containers.push(server);
    return new Promise((resolve) => {
      server.stdout.on('data', (text) => {
        if (String(text).includes('Ready to accept')) resolve({});
      });
    });
  }

  test('the containers that are wanted, with password and ports in the environment alone', async () => {
    const fake = fakeRun({
      ...answering,
      'docker compose --project-name': () => startServer(fake.options.at(-1)?.env, 'WORKSHOP_REDIS_PORT'),
    });
    const { context, lines } = await makeContext(fake.run);

    const [outcome] = await dockerProvider.up(['redis'], context);

    const up = fake.commands.at(-1)!;
    expect(up).toMatch(
      new RegExp(
        `^docker compose --project-name caching-workshop-[0-9a-f]{8} --file ${repositoryRoot}compose.yaml --profile cluster up --detach --wait redis$`,
      ),
    );
    expect(fake.options.at(-1)?.env).toMatchObject({
      WORKSHOP_MYSQL_PASSWORD: context.password,
      WORKSHOP_REDIS_PASSWORD: context.password,
    });
    expect(outcome).toMatchObject({
      kind: 'redis',
      engine: { source: 'docker', version: expect.stringMatching(/^\d/) },
    });
    expect(context.records.get('redis')).toMatchObject({ source: 'docker' });
    expect(lines).toEqual(['Starting Valkey with Docker (the first time, this fetches the images)']);
    expect([...fake.commands, ...lines].join('\n')).not.toContain(context.password);

    // A second time there is nothing to start; and a server that was installed meanwhile does not take over.
    const count = fake.commands.length;
    expect(await dockerProvider.up(['redis'], context)).toEqual([outcome]);
    expect(fake.commands.slice(count).filter((command) => command.includes('--project-name'))).toEqual([]);
    expect(await nativeProvider.up(['redis'], context)).toEqual([
      { kind: 'redis', why: 'its data is in a Docker volume' },
    ]);
  });

  test('a cluster: six nodes in one container, which we make a cluster', async () => {
    const fake = fakeRun({
      ...answering,
      'docker compose --project-name': async () => {
        const env = fake.options.at(-1)?.env;
        await Promise.all(
          [0, 1, 2, 3, 4, 5].map((n) =>
            startServer(env, 'WORKSHOP_CLUSTER_PORT', n, [
              '--cluster-enabled',
              'yes',
              '--cluster-node-timeout',
              '3000',
              '--masterauth',
              env!['WORKSHOP_REDIS_PASSWORD']!,
              '--repl-diskless-sync-delay',
              '0',
            ]),
          ),
        );
        return {};
      },
    });
    const { context } = await makeContext(fake.run);
    const [outcome] = await dockerProvider.up(['cluster'], context);
    expect(outcome).toMatchObject({ engine: { nodePorts: { length: 6 } } });
    const { WORKSHOP_CLUSTER_PORT: first, WORKSHOP_CLUSTER_PORTS: all } = fake.options.at(-1)!.env!;
    expect(all).toBe(`${first}-${Number(first) + 5}`);
  });

  test('other ports, when Docker finds that one is taken', async () => {
    let attempts = 0;
    const fake = fakeRun({
      ...answering,
      'docker compose --project-name': async () => {
        attempts += 1;
        const env = fake.options.at(-1)?.env;
        if (attempts > 1) return startServer(env, 'WORKSHOP_REDIS_PORT');
        const thief = await takePort(Number(env!['WORKSHOP_REDIS_PORT']));
        thief.unref();
        return {
          code: 1,
          stderr: 'Error response from daemon: Bind for 127.0.0.1:1 failed: port is already allocated',
        };
      },
    });
    const { context } = await makeContext(fake.run);
    await dockerProvider.up(['redis'], context);
    const ports = fake.options.flatMap((given) => given?.env?.['WORKSHOP_REDIS_PORT'] ?? []);
    expect(new Set(ports).size).toBe(2);
  });

  test("a failure in one line with Docker's own reason", async () => {
    for (const [stderr, code, advice] of [
      [
        'Pulling\nError response from daemon: toomanyrequests',
        'docker',
        /toomanyrequests - 'pnpm services:logs' shows more/,
      ],
      ['write /var/lib/docker/tmp: no space left on device', 'disk-full', /make room on Docker's disk/],
    ] as const) {
      const fake = fakeRun({ ...answering, 'docker compose --project-name': { code: 1, stderr } });
      const { context } = await makeContext(fake.run);
      await expect(dockerProvider.up(['mysql'], context)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(advice),
      });
    }
  });

  test('down keeps the volumes, reset deletes them, and status and logs know', async () => {
    const fake = fakeRun({
      ...answering,
      'docker compose --project-name': async () => {
        const env = fake.options.at(-1)?.env;
        if (fake.commands.at(-1)!.includes(' logs ')) return { stdout: 'what they logged\n' };
        return fake.commands.at(-1)!.endsWith('--wait redis') ? startServer(env, 'WORKSHOP_REDIS_PORT') : {};
      },
    });
    const {
      context: { folder: stateDir },
    } = await makeContext(fake.run);
    const options = {
      stateDir,
      run: fake.run,
      env: { PATH: process.env['PATH'], WORKSHOP_ENGINES: 'docker' },
    };
    await withEngines(options, (context) => dockerProvider.up(['redis'], context));

    const url = expect.stringMatching(/^redis:\/\/127\.0\.0\.1:\d+\/0$/);
    expect(await enginesStatus(options)).toMatchObject([
      { name: 'mysql', state: 'none' },
      { name: 'redis', source: 'docker', state: 'running', url },
    ]);
    expect(await enginesLogs(options)).toMatchObject([{ name: 'docker', tail: 'what they logged' }]);
    expect(await enginesDown(options)).toMatchObject([{ name: 'redis' }]);
    expect(fake.commands.at(-1)).toMatch(/--profile cluster down$/);
    expect(await enginesReset(options)).toContain('the volumes in Docker');
    expect(fake.commands.at(-1)).toMatch(/--profile cluster down --volumes$/);
  });
});
