import { Match, Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import type { NetworkConfig } from '../lib/config/config.ts';
import { Network } from '../lib/network.ts';
import { emptyStack } from './support/synthesise.ts';

test.each([2, 3] as const)('in %i zones: a public subnet for servers and one for stores in each', (zones) => {
  const template = templateOf({ zones, flowLogs: false });
  template.resourceCountIs('AWS::EC2::Subnet', 2 * zones);
  template.resourcePropertiesCountIs('AWS::EC2::Subnet', { MapPublicIpOnLaunch: true }, zones);
  const places = Object.values(template.findResources('AWS::EC2::Subnet')).map(
    ({ Properties }) => Properties['AvailabilityZone'] as unknown,
  );
  const expected = Array.from({ length: zones }, (_, zone) => ({
    'Fn::Select': [zone, { 'Fn::GetAZs': '' }],
  }));
  expect(places).toEqual([...expected, ...expected]);
});

test('only the public subnets have a way out, and nothing is paid for by the hour', () => {
  const template = templateOf({ zones: 2, flowLogs: false });
  template.resourceCountIs('AWS::EC2::NatGateway', 0);
  template.resourceCountIs('AWS::EC2::EIP', 0);
  template.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
  template.resourceCountIs('AWS::EC2::Route', 2);
  template.resourcePropertiesCountIs('AWS::EC2::Route', { GatewayId: Match.anyValue() }, 2);
  for (const { Properties } of Object.values(template.findResources('AWS::EC2::Route'))) {
    expect(JSON.stringify(Properties['RouteTableId'])).toMatch(/servers/);
  }
});

test('no Lambda function is brought in, not even for the default security group', () => {
  const template = templateOf({ zones: 2, flowLogs: true });
  template.resourceCountIs('AWS::Lambda::Function', 0);
  template.resourceCountIs('Custom::VpcRestrictDefaultSG', 0);
});

test('flow logs by option: all traffic, kept for a week, gone with the stack', () => {
  templateOf({ zones: 2, flowLogs: false }).resourceCountIs('AWS::EC2::FlowLog', 0);
  const template = templateOf({ zones: 2, flowLogs: true });
  template.hasResourceProperties('AWS::EC2::FlowLog', { ResourceType: 'VPC', TrafficType: 'ALL' });
  template.hasResource('AWS::Logs::LogGroup', {
    Properties: { RetentionInDays: 7 },
    DeletionPolicy: 'Delete',
  });
});

function templateOf(config: NetworkConfig): Template {
  const stack = emptyStack();
  new Network(stack, 'Network', config);
  return Template.fromStack(stack);
}
