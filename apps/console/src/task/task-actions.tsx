import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApiError } from '@gofd/api-client';
import { isRetryableTaskStatus, isTerminalTaskStatus, type TaskSummary } from '@gofd/task-model';
import { FieldRefusal, Refusal } from '../forms/refusal.tsx';
import { toApiError } from '../forms/to-api-error.ts';
import { useSession } from '../session/session.ts';

/** What can be done to a task in its state: cancel and change of speed, or a retry. */
export function TaskActions({ task }: { readonly task: TaskSummary }) {
  const { client } = useSession();
  const [error, setError] = useState<ApiError>();
  const isOver = isTerminalTaskStatus(task.status);
  const perform = (call: Promise<unknown>): void => {
    call.then(
      () => setError(undefined),
      (thrown: unknown) => setError(toApiError(thrown)),
    );
  };
  return (
    <section class="actions" aria-label="Actions">
      {!isOver && (
        <>
          <SpeedForm
            task={task}
            error={error}
            onChange={(speed) => perform(client.changeSpeed(task.id, speed))}
          />
          <CancelButton taskId={task.id} onCancel={() => perform(client.cancelTask(task.id))} />
        </>
      )}
      {isRetryableTaskStatus(task.status) && (
        <button type="button" onClick={() => perform(client.retryTask(task.id))}>
          Retry failed hosts
        </button>
      )}
      <Refusal error={error} fields={isOver ? [] : ['speed']} />
    </section>
  );
}

interface SpeedProps {
  readonly task: TaskSummary;
  readonly error: ApiError | undefined;
  readonly onChange: (speed: number) => void;
}

function SpeedForm({ task, error, onChange }: SpeedProps) {
  const [text, setText] = useState(String(task.speed ?? ''));
  return (
    <form
      class="inline"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onChange(Number(text));
      }}
    >
      <label for="speed">Speed, MiB/s</label>
      <input
        id="speed"
        type="number"
        step="any"
        value={text}
        aria-describedby="speed-problem"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit">Change speed</button>
      <FieldRefusal id="speed-problem" error={error} field="speed" />
    </form>
  );
}

interface CancelProps {
  readonly taskId: string;
  readonly onCancel: () => void;
}

/** Asks first: a cancelled task does not come back. */
function CancelButton({ taskId, onCancel }: CancelProps) {
  const [isAsking, setAsking] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isAsking) dialog.current?.showModal();
  }, [isAsking]);
  return (
    <>
      <button type="button" class="danger" onClick={() => setAsking(true)}>
        Cancel task
      </button>
      {isAsking && (
        <dialog ref={dialog} aria-labelledby="cancel-question" onClose={() => setAsking(false)}>
          <p id="cancel-question">
            Cancel <strong>{taskId}</strong>? Hosts that have the files keep them, all others stop.
          </p>
          <button
            type="button"
            class="danger"
            onClick={() => {
              setAsking(false);
              onCancel();
            }}
          >
            Yes, cancel it
          </button>{' '}
          <button type="button" onClick={() => dialog.current?.close()}>
            No, go on
          </button>
        </dialog>
      )}
    </>
  );
}
