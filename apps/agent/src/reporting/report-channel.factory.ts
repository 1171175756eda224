/** Makes the report channel of a task: knows the host's name, the server's address and the clock. */
import type { Clock } from '@gofd/p2p-driver';
import type { JournalEntry } from '../journal/task-journal.ts';
import { ReportChannel, type ReportChannelOptions } from './report-channel.ts';
import type { ReportSender } from './report-sender.port.ts';

/** Reports of one run of a task; the next run's sequences start above them. */
const SEQUENCES_PER_RUN = 1_000_000_000;

export class ReportChannelFactory {
  readonly #clock: Clock;
  readonly #ownAddress: string;
  readonly #senderTo: (serverAddress: string) => ReportSender;

  /** @param ownAddress reported where the create call named no host, as the reference's does not */
  constructor(clock: Clock, ownAddress: string, senderTo: (serverAddress: string) => ReportSender) {
    this.#clock = clock;
    this.#ownAddress = ownAddress;
    this.#senderTo = senderTo;
  }

  create(
    { task, runs }: JournalEntry,
    onTaskOver: ReportChannelOptions['onTaskOver'],
  ): ReportChannel {
    return new ReportChannel({
      taskId: task.taskId,
      host: task.host ?? this.#ownAddress,
      attempt: task.attempt,
      token: task.reportToken,
      firstSequence: runs * SEQUENCES_PER_RUN,
      sender: this.#senderTo(task.linkChain.serverAddr),
      clock: this.#clock,
      onTaskOver,
    });
  }
}
