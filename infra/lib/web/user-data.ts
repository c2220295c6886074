import { readFileSync } from 'node:fs';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { outputKey, storeOutputs } from '../store-outputs.ts';
import type { WebTierProps } from './web-tier.ts';
import { SITE_PORT } from './web-tier.ts';
import type { WebBundle } from './web-bundle.ts';

/** How many articles a database gets that has none. */
const FIRST_ROWS = 200_000;
/** How long the demo may take from its start until it can serve. */
const READY_SECONDS = 300;

/** What a machine has to know to make a server of itself. Each value may be one that CloudFormation fills in. */
export interface SetupValues {
  readonly stackName: string;
  readonly region: string;
  /** The resource that waits to hear from the machine, by its logical id. */
  readonly resource: string;
  readonly bundleUrl: string;
  readonly bundleSha256: string;
  /** The stack's outputs, as `cdk deploy --outputs-file` writes them. */
  readonly outputs: string;
  /** The address that the demo listens on. */
  readonly host: string;
  readonly port: number;
  /** How many proxies stand before it, or `none`. */
  readonly trustProxy: string;
  /** `stay`: so that somebody can look. `power-off`: its group then puts another in its place. */
  readonly onFailure: 'stay' | 'power-off';
  /** Articles to generate if the database has none. */
  readonly rows: number;
  /** How long the demo may take until it can serve. */
  readonly readySeconds: number;
}

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** The script with which a machine makes a server of itself: `user-data.sh`, and before it the values that it needs. */
export function setupScript(values: SetupValues): string {
  const variables = {
    STACK_NAME: values.stackName,
    REGION: values.region,
    RESOURCE: values.resource,
    BUNDLE_URL: values.bundleUrl,
    BUNDLE_SHA256: values.bundleSha256,
    OUTPUTS: values.outputs,
    HOST: values.host,
    PORT: String(values.port),
    TRUST_PROXY: values.trustProxy,
    ON_FAILURE: values.onFailure,
    ROWS: String(values.rows),
    READY_SECONDS: String(values.readySeconds),
    UNIT: read('caching-workshop.service'),
  };
  const lines = Object.entries(variables).map(([name, value]) => `readonly ${name}=${quoted(value)}\n`);
  return `#!/bin/bash\n${lines.join('')}${read('user-data.sh').replace(/^#!.*\n/, '')}`;
}

/** For a shell: nothing in it means anything. What CloudFormation fills in are names, addresses and ARNs, which have no quotes. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

export interface Setup extends Pick<SetupValues, 'resource' | 'host' | 'trustProxy' | 'onFailure'> {
  readonly bundle: WebBundle;
}

/**
 * The user data of a machine of this stack. What the server has to know of the stack is written down for it: while the stack is being made,
 * CloudFormation tells nobody its outputs, and the stack is not made before the server serves.
 */
export function userData(scope: Construct, props: WebTierProps, setup: Setup): ec2.UserData {
  const stack = Stack.of(scope);
  const outputs = Object.fromEntries(
    Object.entries(storeOutputs(props)).map(([name, value]) => [outputKey(name), value]),
  );
  const { bundle, ...values } = setup;
  const script = setupScript({
    ...values,
    stackName: stack.stackName,
    region: stack.region,
    bundleUrl: bundle.url,
    bundleSha256: bundle.sha256,
    outputs: stack.toJsonString({ [stack.stackName]: outputs }),
    port: SITE_PORT,
    rows: FIRST_ROWS,
    readySeconds: READY_SECONDS,
  });
  return ec2.UserData.custom(script);
}
