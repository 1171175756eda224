/** DI token of the port on which this agent serves pieces. */
export const DATA_PORT = Symbol('gofd.dataPort');
