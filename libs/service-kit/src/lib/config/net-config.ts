import { ConfigKey } from './config-key.ts';
import {
  dialableProblem,
  ipProblem,
  IsPort,
  isWildcardAddress,
  MayBeAbsent,
  Rule,
} from './config-rules.ts';
import { TlsConfig } from './tls-config.ts';

/** Where a service listens and how others reach it. */
export class NetConfig {
  /** Address to listen on, both ports. 0.0.0.0 and :: need `advertise`. */
  @ConfigKey()
  @Rule<NetConfig>('ip', (ip, net) => ipProblem(ip) ?? wildcardProblem(ip, net))
  ip!: string;

  /** Port of the REST interface. */
  @ConfigKey()
  @IsPort()
  mgntPort!: number;

  /** Port on which pieces are served. */
  @ConfigKey()
  @Rule<NetConfig>('differs', (port, net) =>
    port === net.mgntPort ? 'must differ from net.mgntPort' : undefined,
  )
  @IsPort()
  dataPort!: number;

  /** Address told to others where it differs from `ip`: containers, several interfaces. */
  @ConfigKey()
  @Rule('advertise', dialableProblem)
  @MayBeAbsent()
  advertise?: string;

  /** TLS of the management port; without `cert` in it, the port speaks plain HTTP. */
  @ConfigKey({ section: () => TlsConfig })
  @MayBeAbsent()
  tls?: TlsConfig;

  /** The address that others are told. */
  get advertisedHost(): string {
    return this.advertise ?? this.ip;
  }
}

function wildcardProblem(ip: unknown, net: NetConfig): string | undefined {
  if (!isWildcardAddress(ip) || net.advertise !== undefined) return undefined;
  return 'listens on every interface, so net.advertise must name the address told to others';
}
