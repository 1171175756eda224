/**
 * What a run demands of the swarm. That no host shows a wrong byte, says something untrue or breaks a
 * limit is demanded in each of them, at every step.
 * - `safety`: faults everywhere, the server and lying peers among them, up to the end; nobody need complete.
 * - `liveness`: the same, and then every host is healed: all honest agents must complete in bounded time.
 * - `survival`: faults that leave a way; all agents that are not themselves dead, idle or out of
 *   disk must complete, though nobody heals the others.
 */
export const SIM_MODES = ['safety', 'liveness', 'survival'] as const;
export type SimMode = (typeof SIM_MODES)[number];

/** A chain over wire v1, or a mesh over wire v2. */
export const SIM_SHAPES = ['chain', 'mesh'] as const;
export type SimShape = (typeof SIM_SHAPES)[number];
