import { calls } from '@gofd/api-client';
import { HOST_STATUSES, type HostRow, type HostStatus } from '@gofd/task-model';
import { Option, type Command } from 'commander';
import { withServer } from '../connection/connect.ts';
import { withConnectionOptions, type ConnectionFlags } from '../connection/connection-options.ts';
import type { ServerCalls } from '../connection/server-calls.ts';
import { usageError } from '../errors.ts';
import { printResult } from '../output.ts';
import { hostTable } from '../text/host-text.ts';
import { parseTaskId, TASK_ID_ARGUMENT } from './task-id-argument.ts';

interface HostsFlags extends ConnectionFlags {
  readonly state?: readonly HostStatus[];
}

const EXAMPLES = `
Each host with its state, how much it has, and why it is late or failed: the code, the sentence, and
what was measured. With --json each page of up to 1,000 hosts is a line, as the server wrote it.

Examples:
  gofd task hosts release-7
  gofd task hosts release-7 --state FAILED
  gofd task hosts release-7 --state INPROGRESS,INIT
  gofd task hosts release-7 --state FAILED --json | jq -r '.hosts[].host' > failed.txt`;

export function addHostsCommand(parent: Command): void {
  const command = parent
    .command('hosts')
    .summary('show the hosts of a task, and why they are late or failed')
    .description('Shows the hosts of a task, and why they are late or failed.')
    .argument(TASK_ID_ARGUMENT, 'id of the task', parseTaskId)
    .addOption(
      new Option('--state <states>', 'only hosts in this state; several are joined by commas')
        .choices(HOST_STATUSES)
        .argParser(parseStates),
    );
  withConnectionOptions(command).addHelpText('after', EXAMPLES).action(listHosts);
}

function parseStates(text: string): HostStatus[] {
  return text.split(',').map((word) => {
    const state = HOST_STATUSES.find((known) => known === word.trim().toUpperCase());
    if (state) return state;
    throw usageError(
      `--state: ${JSON.stringify(word)} is no state of a host`,
      `there are ${HOST_STATUSES.join(', ')}; several are joined by commas`,
    );
  });
}

async function listHosts(id: string, flags: HostsFlags): Promise<void> {
  const rows: HostRow[] = [];
  await withServer(flags, async (server) => {
    for await (const { hosts, json } of pagesOf(server, id, flags.state)) {
      if (flags.json) printResult([json]);
      else rows.push(...hosts);
    }
  });
  if (!flags.json) printResult(hostTable(rows, flags.state));
}

async function* pagesOf(server: ServerCalls, id: string, state: HostsFlags['state']) {
  let after: string | undefined;
  do {
    const query = { ...(state && { state }), ...(after !== undefined && { after }) };
    const { value, json } = await server.ask(calls.listHosts(id, query));
    yield { hosts: value.hosts, json };
    after = value.next;
  } while (after !== undefined);
}
