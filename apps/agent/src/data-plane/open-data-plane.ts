/** Opens the agent's data port: pieces out to the next agents, sessions in to the ones before. */
import { DataPlane, V1Handshake } from '@gofd/p2p-driver';
import { toBytesPerSecond, toListenError, type Logger } from '@gofd/service-kit';
import { parseAddress } from '@gofd/task-model';
import type { AgentConfig } from '../config/agent-config.schema.ts';

/** @throws ListenError naming net.dataPort when the port cannot be had */
export async function openDataPlane(config: AgentConfig, logger: Logger): Promise<DataPlane> {
  const { ip, dataPort } = config.net;
  const handshake = new V1Handshake(config.credentials);
  const dataPlane = new DataPlane({
    cacheBytes: config.control.cacheBytes,
    uploadBytesPerSecond: config.control.uploadLimitBytesPerSecond,
    downloadBytesPerSecond: toBytesPerSecond(config.control.downloadSpeed),
    peerUploadBytesPerSecond: toBytesPerSecond(config.control.peerSpeed),
    authenticate: (header) => handshake.authenticate(header),
    headerFor: (taskId) => handshake.headerFor(taskId),
    parseAddress,
    refused: (peer, code) => logger.warn('peer refused', { peer, code }),
  });
  try {
    await dataPlane.listen(ip, dataPort);
  } catch (error) {
    throw toListenError(error, { ip, port: dataPort, key: 'net.dataPort' });
  }
  return dataPlane;
}
