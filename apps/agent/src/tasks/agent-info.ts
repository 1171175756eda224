/** DI token of what this agent can do, an AgentInfo. */
export const AGENT_INFO = Symbol('gofd.agentInfo');

/** Wire versions that this program speaks, lowest first. */
export const WIRE_VERSIONS: readonly number[] = [1, 2];
