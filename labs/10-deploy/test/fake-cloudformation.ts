import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the fake knows of one stack. */
export interface FakeStack {
  name: string;
  status?: string;
  template: string;
  outputs?: Record<string, string>;
  parameters?: Record<string, string>;
}

/** An error as the Query protocol writes it. */
export interface FakeError {
  status: number;
  code: string;
  message: string;
}

export interface FakeCloudFormation {
  url: string;
  /** The actions that were asked for, in order. */
  readonly requests: string[];
  /** Answers every request from now on. */
  refuse(error: FakeError | undefined): void;
  close(): Promise<void>;
}

const namespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/**
 * CloudFormation's wire format, as far as two actions need it: a form comes in, XML goes out.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
export async function fakeCloudFormation(stacks: readonly FakeStack[]): Promise<FakeCloudFormation> {
  const requests: string[] = [];
  let refusal: FakeError | undefined;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const form = new URLSearchParams(body);
      const action = form.get('Action') ?? '';
      requests.push(action);
      const name = form.get('StackName');
      const stack = stacks.find((each) => each.name === name);
      const missing = {
        status: 400,
        code: 'ValidationError',
        message: `Stack with id ${name} does not exist`,
      };
      const error = refusal ?? (stack ? undefined : missing);
      response.writeHead(error?.status ?? 200, { 'content-type': 'text/xml' });
      response.end(error ? errorXml(error) : answerXml(action, stack!));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    refuse(error) {
      refusal = error;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function answerXml(action: string, stack: FakeStack): string {
  const result =
    action === 'GetTemplate' ? element('TemplateBody', escaped(stack.template)) : stackXml(stack);
  return `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result></${action}Response>`;
}

function stackXml({ name, status = 'CREATE_COMPLETE', outputs = {}, parameters = {} }: FakeStack): string {
  const members = (values: Record<string, string>, kind: 'Output' | 'Parameter') =>
    Object.entries(values)
      .map(([key, value]) =>
        element('member', element(`${kind}Key`, key) + element(`${kind}Value`, escaped(value))),
      )
      .join('');
  const stack = [
    element('StackId', `arn:aws:cloudformation:eu-west-1:111122223333:stack/${name}/0d2c1e90`),
    element('StackName', name),
    element('StackStatus', status),
    element('CreationTime', '2026-01-05T09:30:00Z'),
    element('Outputs', members(outputs, 'Output')),
    element('Parameters', members(parameters, 'Parameter')),
  ];
  return element('Stacks', element('member', stack.join('')));
}

function errorXml({ code, message }: FakeError): string {
  const error = element('Type', 'Sender') + element('Code', code) + element('Message', escaped(message));
  return `<ErrorResponse xmlns="${namespace}">${element('Error', error)}${element('RequestId', '1')}</ErrorResponse>`;
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
