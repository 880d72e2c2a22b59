/** The channel on which appenders hint that events wait. */
export const HINT_CHANNEL = 'socle_audit';
