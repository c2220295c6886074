import type { GetCommandInvocationResult, StartSessionResponse } from '@aws-sdk/client-ssm';
import { InfraError } from '../infra-error.ts';
import { orNothing, type Aws } from './aws.ts';

/** The tag that everything in the stack has, with the stack's name. */
export const STACK_TAG = 'workshop-stack';

/**
 * The stack's servers that Session Manager can reach now. Servers of an auto-scaling group are in no list of the stack's, but
 * they have its tag.
 */
export async function serversOnline(aws: Aws, stackName: string): Promise<readonly string[]> {
  const { InstanceInformationList = [] } = await aws.ask(
    'ssm',
    about('DescribeInstanceInformation', `find the servers of ${stackName}`),
    ({ sdk, client }) =>
      client.send(
        new sdk.DescribeInstanceInformationCommand({
          Filters: [
            { Key: `tag:${STACK_TAG}`, Values: [stackName] },
            { Key: 'PingStatus', Values: ['Online'] },
          ],
        }),
      ),
  );
  return InstanceInformationList.map(({ InstanceId = '' }) => InstanceId).toSorted();
}

/** Throws `InfraError` where no server of the stack can be reached. */
export async function oneServer(aws: Aws, stackName: string): Promise<string> {
  const [first] = await serversOnline(aws, stackName);
  if (first !== undefined) return first;
  throw new InfraError(
    `Session Manager reaches no server of ${stackName} in ${aws.region}. One that has just started takes a minute or two; if it stays so, is it running (pnpm infra:status)?`,
  );
}

/** Begins a session that forwards a local port. What it returns goes to the session-manager-plugin. */
export async function startForwarding(
  aws: Aws,
  request: { readonly server: string; readonly remotePort: number; readonly localPort: number },
): Promise<{ readonly input: object; readonly session: StartSessionResponse }> {
  const input = {
    Target: request.server,
    DocumentName: 'AWS-StartPortForwardingSession',
    Parameters: {
      portNumber: [String(request.remotePort)],
      localPortNumber: [String(request.localPort)],
    },
  };
  const session = await aws.ask(
    'ssm',
    about('StartSession', `open a session on ${request.server}`),
    ({ sdk, client }) => client.send(new sdk.StartSessionCommand(input)),
  );
  const { SessionId, StreamUrl, TokenValue } = session;
  return { input, session: { SessionId, StreamUrl, TokenValue } };
}

/** Ends a session. One that has ended is no error. */
export async function endSession(aws: Aws, sessionId: string | undefined): Promise<void> {
  if (sessionId === undefined) return;
  await orNothing(
    aws.ask('ssm', about('TerminateSession', 'end the session'), ({ sdk, client }) =>
      client.send(new sdk.TerminateSessionCommand({ SessionId: sessionId })),
    ),
  );
}

/** Runs shell commands on a server, as root. @returns the command's ID */
export async function runOnServer(
  aws: Aws,
  server: string,
  commands: readonly string[],
  limitSeconds: number,
): Promise<string> {
  const { Command } = await aws.ask(
    'ssm',
    about('SendCommand', `run a command on ${server}`),
    ({ sdk, client }) =>
      client.send(
        new sdk.SendCommandCommand({
          DocumentName: 'AWS-RunShellScript',
          InstanceIds: [server],
          Parameters: { commands: [...commands], executionTimeout: [String(limitSeconds)] },
        }),
      ),
  );
  if (Command?.CommandId !== undefined) return Command.CommandId;
  throw new InfraError(`Systems Manager took the command for ${server}, but gave it no ID.`);
}

/** How far a command is. Undefined for the moment in which it has not reached the server's list. */
export async function invocation(
  aws: Aws,
  server: string,
  commandId: string,
): Promise<GetCommandInvocationResult | undefined> {
  return await orNothing(
    aws.ask('ssm', about('GetCommandInvocation', `follow the command on ${server}`), ({ sdk, client }) =>
      client.send(new sdk.GetCommandInvocationCommand({ CommandId: commandId, InstanceId: server })),
    ),
  );
}

function about(action: string, purpose: string) {
  return { action: `ssm:${action}`, purpose };
}
