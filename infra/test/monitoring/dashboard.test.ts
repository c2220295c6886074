import { describe, expect, it } from 'vitest';
import { alarmsOf, textOf } from './alarms-of.ts';
import { cases } from './cases.ts';
import { type Site, siteOf } from './site.ts';

interface Widget {
  readonly type: 'text' | 'alarm' | 'metric';
  readonly y: number;
  readonly x: number;
  readonly width: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
    readonly annotations?: {
      readonly horizontal: readonly { readonly value: number; readonly label: string }[];
    };
    readonly yAxis?: { readonly left: { readonly label: string } };
  };
}

/** The dashboard's widgets. What CloudFormation fills in stands as JSON in brackets. */
function widgetsOf({ template }: Site): Widget[] {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const body = dashboard?.['Properties'].DashboardBody as { readonly 'Fn::Join': [string, unknown[]] };
  const text = body['Fn::Join'][1]
    .map((part) =>
      typeof part === 'string' ? part : `[${JSON.stringify(JSON.stringify(part)).slice(1, -1)}]`,
    )
    .join('');
  return (JSON.parse(text) as { readonly widgets: Widget[] }).widgets;
}

/** The widgets under each heading. */
function rowsOf(widgets: readonly Widget[]): Map<string, Widget[]> {
  const rows = new Map<string, Widget[]>();
  for (const widget of widgets) {
    if (widget.properties.markdown) rows.set(widget.properties.markdown, []);
    else [...rows.values()].at(-1)?.push(widget);
  }
  return rows;
}

describe.each(Object.entries(cases))('%s', (_, { context }) => {
  const site = siteOf(context);
  const widgets = widgetsOf(site);
  const rows = rowsOf(widgets);
  const alarms = alarmsOf(site);

  it('has a row for each part of the site, from what visitors feel down to the web', () => {
    expect([...rows.keys()]).toEqual(['## What visitors feel', '## Cache', '## Database', '## Web']);
    site.template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });

  it('shows each alarm once: its state, and in the same row its metrics with its limit as a line', () => {
    for (const { id, logicalId, metrics, properties } of alarms) {
      const arn = `[${JSON.stringify({ 'Fn::GetAtt': [logicalId, 'Arn'] })}]`;
      const shownIn = [...rows.values()].filter((row) =>
        row.some(({ properties: { alarms: shown } }) => shown?.includes(arn)),
      );
      expect(shownIn, id).toHaveLength(1);

      const graphs = shownIn[0]?.filter(({ properties: { annotations } }) =>
        annotations?.horizontal.some(
          ({ label, value }) => label.split(', ').includes(id) && value === properties.Threshold,
        ),
      );
      expect(graphs, id).toHaveLength(1);
      const drawn = textOf(graphs?.[0]?.properties.metrics).replaceAll('\\"', '"');
      const [first] = metrics;
      expect(drawn, id).toContain(first?.name);
      for (const [dimension, value] of Object.entries(first?.dimensions ?? {})) {
        expect(drawn, id).toContain(dimension);
        // The name's last part is text that CloudFormation fills nothing into: `-0001-001`.
        expect(drawn, id).toContain(/"(-[\d-]+)"\]\]}$/.exec(value)?.[1] ?? dimension);
      }
    }
  });

  it('has graphs with a title and a named axis, none over another and none outside', () => {
    const graphs = widgets.filter(({ type }) => type === 'metric');
    for (const { properties } of graphs) {
      expect(properties.title).toMatch(/^[A-Z]/);
      expect(properties.yAxis?.left.label, properties.title).not.toBe('');
    }
    const places = widgets.map(({ x, y }) => `${x},${y}`);
    expect(new Set(places).size).toBe(widgets.length);
    for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24);
  });
});

it('is as large as its site: a graph an alarm has and a few without', () => {
  const graphs = (context: Record<string, string>) =>
    widgetsOf(siteOf(context)).filter(({ type }) => type === 'metric').length;
  expect(graphs({})).toBe(18);
  expect(graphs({ profile: 'production' })).toBe(20);
  expect(graphs({ profile: 'serverless' })).toBe(18);
});

it('draws each node of a cluster as a line of its own', () => {
  const widgets = widgetsOf(siteOf(cases['cluster, with a read replica of the database']?.context ?? {}));
  const cpu = widgets.find(
    ({ properties }) => properties.title === 'CPU' && textOf(properties.metrics).includes('ElastiCache'),
  );
  expect(cpu?.properties.metrics?.map((line) => (line.at(-1) as { readonly label: string }).label)).toEqual([
    '0001-001',
    '0001-002',
    '0002-001',
    '0002-002',
  ]);
});

it('tells where it is in the console', () => {
  const { monitoring, stack } = siteOf();
  expect(textOf(stack.resolve(monitoring.dashboardUrl))).toContain(
    'console.aws.amazon.com/cloudwatch/home?region=',
  );
});
