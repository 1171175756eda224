import { describe, expect, it } from 'vitest';
import { ForgetfulTaskStore, MAX_REMEMBERED_ENTRIES } from './forgetful-task-store.ts';

const AT = new Date('2026-11-23T10:00:00Z');

function noted(store: ForgetfulTaskStore, taskId: string, detail = ''): void {
  store.audit({ at: AT, actor: '10.0.0.9', action: 'create', taskId, detail });
}

describe('a store that keeps nothing', () => {
  it('has no tasks for the next life of the server', () => {
    expect(new ForgetfulTaskStore().loadAll()).toEqual([]);
  });

  it('has the audit trail of this one, newest first, of all or of one task', () => {
    const store = new ForgetfulTaskStore();
    for (const id of ['a', 'b', 'a']) noted(store, id);
    expect(store.readAudit(10).map(({ taskId }) => taskId)).toEqual(['a', 'b', 'a']);
    expect(store.readAudit(10, 'b').map(({ taskId }) => taskId)).toEqual(['b']);
    expect(store.readAudit(1, 'a')).toHaveLength(1);
  });

  it('keeps MAX_REMEMBERED_ENTRIES of it', () => {
    const store = new ForgetfulTaskStore();
    const count = 3 * MAX_REMEMBERED_ENTRIES;
    for (let index = 0; index < count; index += 1) noted(store, 'a', String(index));
    const kept = store.readAudit(count);
    expect(kept).toHaveLength(MAX_REMEMBERED_ENTRIES);
    expect(kept[0]?.detail).toBe(String(count - 1));
  });
});
