/** The reason of an abort because time ran out, named as `AbortSignal.timeout` names its own. */
export const deadlineReached = (message: string): Error => new DOMException(message, 'TimeoutError');

/** Whether an abort's reason says that time ran out, rather than that the process stops. */
export const isDeadline = (reason: unknown): boolean => reason instanceof Error && reason.name === 'TimeoutError';
