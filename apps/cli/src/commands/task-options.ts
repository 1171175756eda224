/** The options by which a command line says what goes to whom: of `task create` and of `plan`. */
import type { Command } from 'commander';

export const TASK_HELP = `
--file names a path on the server's disk, from the root. A host is an address or a name, with the
management port of its agent where that is not the one the server is configured with. A group is
key=value of a label or zone=…, several with commas where all must hold; \`gofd agents\` shows them.

--from reads the body of a create call as JSON or YAML. An option replaces that field of it:
  id: release-7
  dispatchFiles: [/data/app.tar]
  destIPs: [10.0.0.7, 10.0.0.8]
  destGroups: ["zone=b,role=web"]`;

export function withTaskOptions(command: Command): Command {
  return command
    .option('--from <task.yml>', 'task as JSON or YAML; - is standard input')
    .option('--id <id>', 'name of the task; left out, one is made from the time')
    .option('--file <path...>', 'file on the server; repeat it, or name several')
    .option('--host <host...>', 'host to send to; repeat it, or name several')
    .option('--hosts-file <path>', 'file with one host a line, # for comments; - is standard input')
    .option('--group <selector...>', 'all agents that announced this label or zone; repeat it');
}
