/** Version of the whole product: server, agent and command line are released together. */
export const GOFD_VERSION = '0.1.0';
