/** Where clients register (RFC 7591 §3); each is managed below it (RFC 7592 §2). */
export const REGISTRATION_PATH = '/register';
