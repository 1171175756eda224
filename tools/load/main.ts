// Measures how a real server bears a large fleet and prints the figures.
// Usage: npm run load -- [options], see --help
import { Cluster } from '../cluster/cluster.ts';
import { LOAD_HELP, parseLoadOptions, type LoadOptions, type Measurement } from './load-options.ts';
import { measureReports } from './report-storm.ts';
import { measureList } from './task-list.ts';
import { measureQueue } from './task-queue.ts';

const BAD_USAGE = 64;

function optionsOrExit(): LoadOptions {
  try {
    return parseLoadOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`load: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(BAD_USAGE);
  }
}

const MEASURE: Readonly<
  Record<Measurement, (cluster: Cluster, options: LoadOptions) => Promise<string>>
> = { reports: measureReports, queue: measureQueue, list: measureList };

/** Each on a server of its own, so that none inherits another's memory. */
async function measure(name: Measurement, options: LoadOptions): Promise<string> {
  const cluster = await Cluster.create({ agents: 0 });
  try {
    await cluster.start();
    return await MEASURE[name](cluster, options);
  } finally {
    await cluster.stop();
  }
}

const options = optionsOrExit();
if (options.help) console.log(LOAD_HELP);
else for (const name of options.measurements) console.log(await measure(name, options));
