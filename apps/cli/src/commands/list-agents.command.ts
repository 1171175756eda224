import { calls } from '@gofd/api-client';
import type { Command } from 'commander';
import { withServer } from '../connection/connect.ts';
import { withConnectionOptions, type ConnectionFlags } from '../connection/connection-options.ts';
import { printAnswer, printNote } from '../output.ts';
import { agentTable } from '../text/host-text.ts';

const EXAMPLES = `
An agent announces itself when its configuration names the \`server\`; one that does not is reached by
--host all the same. ALIVE is no when nothing was heard of it for 30 s. ZONE and LABELS are what
--group of \`gofd task create\` selects by. How to sign in: gofd task --help

Examples:
  gofd agents
  gofd agents --json | jq -r '.agents[] | select(.isAlive | not) | .address'
  gofd agents --json | jq -r '.agents[] | select(.freeBytes < 1e10) | .name'`;

/** `gofd agents` */
export function addAgentsCommand(program: Command): void {
  const command = program
    .command('agents')
    .summary('show the agents that have announced themselves to the server')
    .description('Shows the agents that have announced themselves to the server.');
  withConnectionOptions(command).addHelpText('after', EXAMPLES).action(listAgents);
}

async function listAgents(flags: ConnectionFlags): Promise<void> {
  const { value, json } = await withServer(flags, (server) => server.ask(calls.listAgents()));
  const { agents } = value;
  printAnswer(flags.json, json, () =>
    agents.length === 0 ? ['no agent has announced itself'] : agentTable(agents),
  );
  if (agents.length === 0 && !flags.json) {
    printNote(['hint: set `server` in the configuration of the agents, then restart them']);
  }
}
