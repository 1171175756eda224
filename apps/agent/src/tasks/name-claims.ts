/** Which running task owns which final name: two tasks never write the same file at once. */
export class NameClaims {
  readonly #owners = new Map<string, string>();

  /** @returns the first name that another task holds, or undefined when all are claimed now */
  claim(taskId: string, names: readonly string[]): string | undefined {
    const taken = this.firstTaken(taskId, names);
    if (taken !== undefined) return taken;
    for (const name of names) this.#owners.set(name, taskId);
    return undefined;
  }

  /** @returns the first name that another task holds; nothing is claimed */
  firstTaken(taskId: string | undefined, names: readonly string[]): string | undefined {
    return names.find((name) => (this.#owners.get(name) ?? taskId) !== taskId);
  }

  release(taskId: string): void {
    for (const [name, owner] of this.#owners) if (owner === taskId) this.#owners.delete(name);
  }
}
