// Why a trial or a sweep is as it is: from the state of now, and from the record.

import { EspalierError } from '../../src/domain/errors.ts';
import type {
  ExplainRequest,
  ExplainResponse,
} from '../../src/wire/generated/espalier/v1/sweep.ts';
import { explainRecord, withTimes } from '../../src/why/explain-record.ts';
import type { Reason } from '../../src/why/reason.ts';
import { toWireReason } from '../../src/why/wire.ts';
import { explain as explainTrial } from '../core/explain.ts';
import { explainSweep } from '../core/explain/sweep.ts';
import type { WatchPorts } from './watch.ts';

/** @throws EspalierError `not-found` */
export function explain(request: ExplainRequest, ports: WatchPorts): ExplainResponse {
  const now = ports.now();
  const { state, reasons } =
    request.trialId === '' ? ofSweep(request.sweepId, ports) : ofTrial(request, ports);
  return { state, reasons: reasons.map((reason) => toWireReason(reason, now.wallMs)) };
}

type Explained = { readonly state: string; readonly reasons: readonly Reason[] };

function ofSweep(sweepId: string, { loop, now, limits }: WatchPorts): Explained {
  const sweep = loop.state.sweeps.get(sweepId);
  if (sweep === undefined)
    throw new EspalierError('not-found', `no sweep ${sweepId.slice(0, 200)}`);
  return { state: sweep.state, reasons: explainSweep(loop.state, sweepId, now(), limits) };
}

function ofTrial({ sweepId, trialId }: ExplainRequest, ports: WatchPorts): Explained {
  const { loop, store, now, limits } = ports;
  const trial = loop.state.trials.get(trialId);
  if (trial === undefined || (sweepId !== '' && trial.sweepId !== sweepId))
    throw new EspalierError('not-found', `no trial ${trialId.slice(0, 200)}`);
  const record = store.record(trialId);
  const reasons = explainTrial(loop.state, trialId, now(), limits);
  if (record === undefined) return { state: trial.state, reasons };
  return {
    state: trial.state,
    reasons: [...withTimes(reasons, record), ...explainRecord(record)],
  };
}
