export { systemClock, type Clock } from './lib/clock.ts';
export { DataPlane, type DataPlaneOptions, type OpenSessionOptions } from './lib/data-plane.ts';
export { DialError, type DialTarget } from './lib/dialer.ts';
export type { RefusalCode, TaskSecurity } from './lib/handshake.port.ts';
export { SessionDriver, type SessionObserver } from './lib/session-driver.ts';
export { Traffic, type SourceKind } from './lib/traffic.ts';
export { TransferMeasures, type CountBySource } from './lib/transfer-measures.ts';
export { V1Handshake, type PeerCredentials } from './lib/v1-handshake.ts';
