import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '@gofd/api-client';
import { FieldRefusal, Refusal } from '../forms/refusal.tsx';
import { toApiError } from '../forms/to-api-error.ts';
import { goTo } from '../routing/route.ts';
import { useSession } from '../session/session.ts';
import {
  NEW_TASK_FIELDS,
  placeRefusal,
  readNewTask,
  suggestTaskId,
  type NewTaskField,
} from './new-task-form.ts';

interface FieldText {
  readonly label: string;
  readonly hint: string;
  /** Lines; a single-line field when 1. */
  readonly lines: number;
}

const FIELD_TEXTS: Readonly<Record<NewTaskField, FieldText>> = {
  id: { label: 'Id', hint: 'letters, digits and . _ : @ + = -', lines: 1 },
  dispatchFiles: { label: 'Files', hint: 'absolute paths on the server, one a line', lines: 4 },
  destIPs: { label: 'Hosts', hint: 'addresses or names, one a line', lines: 6 },
  destGroups: {
    label: 'Groups',
    hint: 'instead of hosts or beside them: zone=… or key=value of a label, one a line',
    lines: 2,
  },
};

/** The form of a new task; what the server has against it stands at the field. */
export function CreateTask() {
  const { client } = useSession();
  const [values, setValues] = useState<Record<NewTaskField, string>>(() => ({
    id: suggestTaskId(new Date()),
    dispatchFiles: '',
    destIPs: '',
    destGroups: '',
  }));
  const [error, setError] = useState<ApiError>();
  const [isSending, setSending] = useState(false);
  useEffect(() => {
    document.title = 'New task – GoFD';
  }, []);

  const create = async (): Promise<void> => {
    setSending(true);
    try {
      const task = await client.createTask(readNewTask(values));
      goTo({ page: 'task', taskId: task.id });
    } catch (thrown) {
      setError(placeRefusal(toApiError(thrown)));
      setSending(false);
    }
  };

  return (
    <>
      <h1>New task</h1>
      <form
        class="sheet"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        {NEW_TASK_FIELDS.map((field) => (
          <Field
            key={field}
            field={field}
            value={values[field]}
            error={error}
            onInput={(value) => setValues((before) => ({ ...before, [field]: value }))}
          />
        ))}
        <Refusal error={error} fields={NEW_TASK_FIELDS} />
        <button type="submit" class="primary" disabled={isSending}>
          Create
        </button>
      </form>
    </>
  );
}

interface FieldProps {
  readonly field: NewTaskField;
  readonly value: string;
  readonly error: ApiError | undefined;
  readonly onInput: (value: string) => void;
}

function Field({ field, value, error, onInput }: FieldProps) {
  const { label, hint, lines } = FIELD_TEXTS[field];
  const problemId = `${field}-problem`;
  const shared = {
    name: field,
    value,
    spellcheck: false,
    'aria-describedby': `${field}-hint ${problemId}`,
  };
  return (
    <div class="field">
      <label for={field}>{label}</label>
      <small id={`${field}-hint`}>{hint}</small>
      {lines === 1 ? (
        <input {...shared} id={field} onInput={(event) => onInput(event.currentTarget.value)} />
      ) : (
        <textarea
          {...shared}
          id={field}
          rows={lines}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
      <FieldRefusal id={problemId} error={error} field={field} />
    </div>
  );
}
