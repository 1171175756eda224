import type { GofdClient, TaskEvent } from '@gofd/api-client';
import { isTerminalTaskStatus, type TaskSummary } from '@gofd/task-model';

/**
 * All that happens to a task, beyond its end. The server closes a task's stream with its verdict; from
 * then on the stream of the list says whether somebody has started a new attempt, and keeps telling
 * that the server is there.
 */
export async function* followAttempts(
  client: GofdClient,
  taskId: string,
  signal: AbortSignal,
): AsyncGenerator<TaskEvent> {
  for (;;) {
    let ended: TaskSummary | undefined;
    for await (const event of client.followTask(taskId, { signal })) {
      yield event;
      if (event.event === 'end') ended = event.data;
    }
    if (!ended || signal.aborted) return;
    yield* untilNextAttempt(client, ended, signal);
    if (signal.aborted) return;
  }
}

async function* untilNextAttempt(
  client: GofdClient,
  ended: TaskSummary,
  signal: AbortSignal,
): AsyncGenerator<TaskEvent> {
  for await (const event of client.followTasks({ signal })) {
    if (event.event === 'lost') yield event;
    else {
      const task = event.data.find(({ id }) => id === ended.id) ?? ended;
      yield { event: 'task', data: task };
      if (!isTerminalTaskStatus(task.status) || task.attempt !== ended.attempt) return;
    }
  }
}
