// What `cdk` runs. `-c visitors=203.0.113.7/32 -c alarmEmail=you@example.com` come in as context.
import { App } from 'aws-cdk-lib/core';
import { WorkshopStack, type WorkshopStackProps } from './workshop-stack.ts';

const app = new App();
const context = (name: 'visitors' | 'alarmEmail'): Partial<WorkshopStackProps> => {
  const value: unknown = app.node.tryGetContext(name);
  return typeof value === 'string' ? { [name]: value } : {};
};
new WorkshopStack(app, 'Workshop', { ...context('visitors'), ...context('alarmEmail') });
