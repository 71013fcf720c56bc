// `espalier/tfjs`: learning-rate strategies as callbacks of TensorFlow.js' own `model.fit`, for use without a sweep.
// Promise: importing it starts no backend and registers nothing.

export { CyclicLR, type CyclicLROptions } from './cyclic-lr.ts';
export type { FitCallback } from './fit-callback.ts';
export type { FittedModel } from './fit.ts';
export { LearningRateScheduler, type SchedulerOptions } from './learning-rate-scheduler.ts';
export { lrCallback, type LrCallbackOptions } from './lr-callback.ts';
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './reduce-lr-on-plateau.ts';
