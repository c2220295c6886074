import { expect, test } from 'vitest';
import { Evaluation } from '../template/evaluate.ts';
import { placeOf } from '../template/physical.ts';

const place = placeOf('arn:aws:cloudformation:eu-west-1:111122223333:stack/Workshop/0d2c1e90');
const template = {
  Parameters: { Size: { Default: 'small' } },
  Mappings: { Ports: { mysql: { port: 3306 } } },
  Conditions: {
    IsSmall: { 'Fn::Equals': [{ Ref: 'Size' }, 'small'] },
    IsBig: { 'Fn::Not': [{ Condition: 'IsSmall' }] },
  },
  Resources: {
    Group: { Type: 'AWS::EC2::SecurityGroup' },
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'workshop/mysql' } },
    Big: { Type: 'AWS::SNS::Topic', Condition: 'IsBig' },
  },
};

test.for<[written: unknown, value: unknown]>([
  [{ Ref: 'Size' }, 'small'],
  [{ 'Fn::GetAtt': ['Group', 'GroupId'] }, 'sg-Group'],
  [{ 'Fn::GetAtt': 'Group.GroupId' }, 'sg-Group'],
  [{ 'Fn::Sub': '${AWS::Region} ${Group.GroupId} ${!Group}' }, 'eu-west-1 sg-Group ${Group}'],
  [{ 'Fn::Sub': ['${a}/${Size}', { a: { Ref: 'AWS::StackName' } }] }, 'Workshop/small'],
  [{ 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Secret' }] }] }, 'workshop/mysql-AbCdEf'],
  [{ 'Fn::FindInMap': ['Ports', 'mysql', 'port'] }, 3306],
  [{ 'Fn::If': ['IsBig', 1, { Ref: 'AWS::NoValue' }] }, undefined],
  [
    [1, { 'Fn::If': ['IsSmall', 2, 3] }, { Ref: 'AWS::NoValue' }],
    [1, 2],
  ],
  [{ a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
  [{ 'Fn::ImportValue': 'another-stack' }, { 'Fn::ImportValue': 'another-stack' }],
])('%j is %j', ([written, value]) => {
  const evaluation = new Evaluation(template, place);
  expect(evaluation.value(written)).toEqual(value);
  expect([...evaluation.problems]).toEqual([]);
});

test('a parameter that was given counts, and conditions follow it', () => {
  const evaluation = new Evaluation(template, place, { Size: 'large' });
  expect(evaluation.value({ Ref: 'Size' })).toBe('large');
  expect(evaluation.holds('IsBig')).toBe(true);
});

test('names what CloudFormation would refuse', () => {
  const evaluation = new Evaluation(template, place);
  evaluation.value([{ Ref: 'Nothing' }, { 'Fn::GetAtt': ['Group', 'Name'] }, { 'Fn::Sub': '${Nobody.Arn}' }]);
  expect([...evaluation.problems]).toEqual([
    'it refers to Nothing, which is not in it',
    'AWS::EC2::SecurityGroup has no attribute Name',
    'it refers to Nobody, which is not in it',
  ]);
});
