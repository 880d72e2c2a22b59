/** Two self-signed certificates (DER in base64) of services that do not exist; their private keys were thrown away. */
export const CERTIFICATES = {
  one: [
    'MIIBgzCCASmgAwIBAgIULGFoRbbc7+GqqnxCSPmth359ysowCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLc2VydmljZS1vbmUw',
    'IBcNMjYxMTI0MDAwMDI5WhgPMjEyNjEwMzEwMDAwMjlaMBYxFDASBgNVBAMMC3NlcnZpY2Utb25lMFkwEwYHKoZIzj0CAQYI',
    'KoZIzj0DAQcDQgAEvxRm1HxPy+0pn9AXOGUWSSJBk5rWdh3Ckr3QM1Qc/hg2Uhpo8d9PvUy1/EBsPW1E3ldd2xPy0u9BZQHT',
    'pXq6GqNTMFEwHQYDVR0OBBYEFGNpX7XpRhGmQXagah1WzSbTkxqaMB8GA1UdIwQYMBaAFGNpX7XpRhGmQXagah1WzSbTkxqa',
    'MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhANQGk8cFVCFUw8wgdA3azPnmcnLQsq5jHsdOXoU80J2cAiBJ',
    'kWgXOSGfBDYzkdYIRju6dO/ABHH0Y1gtuWO8Fnpakg==',
  ].join(''),
  two: [
    'MIIBgzCCASmgAwIBAgIUPsrR0E4B17XP6B/qVQLIPuApbyQwCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLc2VydmljZS10d28w',
    'IBcNMjYxMTI0MDAwMDMwWhgPMjEyNjEwMzEwMDAwMzBaMBYxFDASBgNVBAMMC3NlcnZpY2UtdHdvMFkwEwYHKoZIzj0CAQYI',
    'KoZIzj0DAQcDQgAES45hBEEcZKDMmCd2apiGt1vfnqoFKso1Ao+3NGBiYPLx8TnquVibtrXhpq4tS/l/FqlOrID5UPTUPWri',
    'xXkKBqNTMFEwHQYDVR0OBBYEFN7Ljzm54pvNwv4olKjhJ1m02XZwMB8GA1UdIwQYMBaAFN7Ljzm54pvNwv4olKjhJ1m02XZw',
    'MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAJS37EgaKJN+FZEt9wS0qNDADmdf26/5IgmBUNNrzPwsAiAc',
    '3f8Jqsln+HSWNM5a0r3NqXlb9GeZYgFfi7pMaho4eg==',
  ].join(''),
} as const;
