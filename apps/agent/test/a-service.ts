/** The tasks of one agent without its ports: a journal that can be held, reports that are answered by hand. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { DataPlane, systemClock } from '@gofd/p2p-driver';
import { ActiveSlots, parseAddress } from '@gofd/task-model';
import { TaskJournal, type JournalEntry, type SavedEntry } from '../src/journal/task-journal.ts';
import { ReportChannelFactory } from '../src/reporting/report-channel.factory.ts';
import type { ReportAnswer, StatusReport } from '../src/reporting/report-sender.port.ts';
import { AgentTasksService } from '../src/tasks/agent-tasks.service.ts';

/** A journal whose reads and writes wait while a test holds them. */
export class HeldJournal extends TaskJournal {
  #gate: Promise<void> = Promise.resolve();
  savesUnderWay = 0;
  manifestSavesUnderWay = 0;
  mostSavesAtOnce = 0;

  /** @returns a function that lets everything go on */
  hold(): () => void {
    let release: () => void = () => undefined;
    this.#gate = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  override async save(entry: JournalEntry): Promise<void> {
    this.savesUnderWay += 1;
    this.mostSavesAtOnce = Math.max(this.mostSavesAtOnce, this.savesUnderWay);
    await this.#gate;
    try {
      await super.save(entry);
    } finally {
      this.savesUnderWay -= 1;
    }
  }

  override async saveManifest(taskId: string, bytes: Uint8Array): Promise<void> {
    this.manifestSavesUnderWay += 1;
    await this.#gate;
    try {
      await super.saveManifest(taskId, bytes);
    } finally {
      this.manifestSavesUnderWay -= 1;
    }
  }

  override async loadAll(damaged: (taskId: string, why: string) => void): Promise<SavedEntry[]> {
    const entries = await super.loadAll(damaged);
    await this.#gate;
    return entries;
  }
}

/** A service that is shut down when the test is over; nobody is listening on a data port. */
export function aService(downdir = aDowndir()) {
  const journal = new HeldJournal(downdir);
  const reports: StatusReport[] = [];
  const answers: ((answer: ReportAnswer) => void)[] = [];
  const sender = {
    send: (report: StatusReport) => {
      reports.push(report);
      return new Promise<ReportAnswer>((resolve) => answers.push(resolve));
    },
  };
  const dataPlane = new DataPlane({
    cacheBytes: 1024 * 1024,
    uploadBytesPerSecond: Infinity,
    authenticate: () => Promise.resolve(false),
    headerFor: () => undefined,
    parseAddress,
    refused: () => undefined,
  });
  const service = new AgentTasksService(
    {
      downdir,
      dataPort: 1,
      longestTaskIdBytes: 100,
      names: ['127.0.0.1'],
      uploadBytesPerSecond: Infinity,
    },
    {
      dataPlane,
      journal,
      slots: new ActiveSlots(5),
      reports: new ReportChannelFactory(systemClock, '127.0.0.1', () => sender),
      log: { info: () => undefined, warn: () => undefined },
    },
  );
  onTestFinished(async () => {
    await service.shutDown();
    await dataPlane.shutDown();
  });
  return { service, journal, reports, answers, dataPlane, downdir };
}

/** A folder that is gone when the test is over. */
export function aDowndir(): string {
  const downdir = mkdtempSync(join(tmpdir(), 'gofd-tasks-'));
  onTestFinished(() => rmSync(downdir, { recursive: true }));
  return downdir;
}

/** A folder in which an agent that stopped left this entry. */
export async function aFolderWith(entry: JournalEntry): Promise<string> {
  const downdir = aDowndir();
  mkdirSync(join(downdir, '.gofd', entry.task.taskId), { recursive: true });
  await new TaskJournal(downdir).save(entry);
  return downdir;
}
