/** Whom a task pulls from: by its place in a chain in wire v1, by the server's plan for it in v2. Pure. */
import type { RackPlace, SourcePlan } from '@gofd/p2p-protocol';
import { RequestError, type PullPlanDto, type RackDto, type StartTaskDto } from '@gofd/task-model';
import { upstreamsInChain } from './chain-position.ts';

/** What the start call said, as the journal keeps it. */
export interface StartOrder {
  readonly chain?: readonly string[];
  readonly plan?: PullPlanDto;
}

/** @throws RequestError when the call is not one of this task's wire version */
export function readStartOrder({ linkChain, plan }: StartTaskDto, isV2: boolean): StartOrder {
  if (isV2 && plan) return { plan };
  if (!isV2 && !plan) return { chain: linkChain.dispatchAddrs };
  const message = isV2 ? 'plan: a task with a manifest needs it' : 'plan: only for a v2 task';
  throw new RequestError('INVALID_LINK_CHAIN', message, [
    { field: 'plan', code: 'INVALID_LINK_CHAIN', message },
  ]);
}

/** @returns undefined until the start call came */
export function sourcePlanOf(
  { chain, plan }: StartOrder,
  ownAddresses: readonly string[],
): SourcePlan | undefined {
  if (plan) return { ...plan, rack: placeIn(plan.rack, ownAddresses) };
  return chain && { sources: upstreamsInChain(chain, ownAddresses), degree: 1 };
}

/** Without a place of our own in it, the rack's border is not ours to keep. */
function placeIn(
  rack: RackDto | undefined,
  ownAddresses: readonly string[],
): RackPlace | undefined {
  if (!rack) return undefined;
  const self = rack.members.findIndex((address) => ownAddresses.includes(address.toLowerCase()));
  return self < 0 ? undefined : { members: rack.members, self };
}
