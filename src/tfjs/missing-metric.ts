// A metric that a callback follows and the logs lack: Keras warns and goes on, and so do we, once a training.

import type { Metrics } from '../domain/objective.ts';

/** Warns at the first epoch that lacks `monitor`. */
export function warnOnceWithout(monitor: string): (metrics: Metrics) => void {
  let warned = false;
  return (metrics) => {
    if (warned || Object.hasOwn(metrics, monitor)) return;
    warned = true;
    const there = Object.keys(metrics).join(', ') || 'none';
    console.warn(
      `The learning rate follows the metric ${monitor}, which is not available, so it stays as it is. ` +
        `Available metrics: ${there}.`,
    );
  };
}
