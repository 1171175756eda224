/** Whom a task pulls from: by its place in a chain in wire v1, by the server's plan for it in v2. Pure. */
import type { SourcePlan } from '@gofd/p2p-protocol';
import { RequestError, type PullPlanDto, type StartTaskDto } from '@gofd/task-model';
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
  if (plan) return { sources: plan.sources, degree: plan.degree, origin: plan.origin };
  return chain && { sources: upstreamsInChain(chain, ownAddresses), degree: 1 };
}
