// What `cdk` runs. Settings come in as context: `-c profile=production -c cache.mode=cluster`.
import { App } from 'aws-cdk-lib/core';
import { InfraConfigError, readInfraConfig } from '../lib/config/config.ts';
import { WorkshopStack } from '../lib/workshop-stack.ts';

const app = new App();
try {
  const context = app.node.getAllContext() as Record<string, unknown>;
  new WorkshopStack(app, readInfraConfig(context));
} catch (error) {
  if (!(error instanceof InfraConfigError)) throw error;
  // The messages say all: a stack trace would bury them.
  console.error(error.message);
  process.exitCode = 1;
}
