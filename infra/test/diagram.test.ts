import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PICTURES } from '../diagram/pictures.ts';
import { readPicture } from '../diagram/picture.ts';
import type { Template } from '../diagram/template.ts';
import { draw } from '../diagram/draw.ts';
import { synthesise } from './support/synthesise.ts';

test.each(PICTURES.map(({ file, render }) => ({ name: path.basename(file), file, render })))(
  '$name is that of the code; if not: node --import tsx diagram/main.ts',
  ({ file, render }) => {
    expect(readFileSync(file, 'utf8')).toBe(render());
  },
);

test('what is drawn follows from the template', () => {
  expect(pictureOf({})).toMatchObject({
    zones: 2,
    visitors: undefined,
    balancer: undefined,
    databasePort: '3307',
    cachePort: '6380',
    cache: [{ title: 'ElastiCache, Valkey 8.1', lines: ['cache.t4g.micro', 'encrypted'] }],
  });
  const large = pictureOf({
    profile: 'production',
    'network.zones': 3,
    'cache.mode': 'cluster',
    'cache.shards': 3,
    'cache.replicas': 4,
    visitors: '203.0.113.0/24',
  });
  expect(large.visitors).toEqual({ ports: '80', from: '203.0.113.0/24' });
  expect(large.cache.map(({ title, zone }) => [title, zone])).toEqual([
    ['ElastiCache, Valkey 8.1, 3 shards', 0],
    ['Replica, 3 shards', 1],
    ['Replica, 3 of them, 3 shards', 2],
  ]);
  const serverless = pictureOf({ profile: 'serverless' });
  expect(serverless.cache).toEqual([expect.objectContaining({ title: 'ElastiCache Serverless, Valkey 8' })]);
  expect(serverless.cachePort).toBe('6379-6380');
});

test('every deployment can be drawn, and says in words what it shows', () => {
  for (const profile of ['workshop', 'production', 'serverless']) {
    const drawing = draw(pictureOf({ profile, destroyAfterHours: profile === 'production' ? undefined : 8 }));
    expect(drawing).toMatch(/<title>A network in 2 zones\. .*RDS for MySQL/);
    expect(drawing).not.toMatch(/undefined|NaN/);
  }
});

function pictureOf(context: Record<string, unknown>) {
  return readPicture(synthesise(context).template.toJSON() as Template);
}
