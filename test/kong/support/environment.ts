/** Values of an installation. */
export const CERTIFICATE = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBszCCAVmgAwIBAgIUQ2VydGlmaWNhdGUgb2Ygbm9ib2R5IGF0IGFsbDAKBggq',
  'hkjOPQQDAjAbMRkwFwYDVQQDDBBPbGxhbWEgZ2F0ZXdheQ==',
  '-----END CERTIFICATE-----',
  '',
].join('\n');

export const ENVIRONMENT = {
  DECK_OLLAMA_UPSTREAM_HOST: 'ollama-gateway-0123456789abcdef.elb.us-west-2.amazonaws.com',
  DECK_OLLAMA_GATEWAY_HOSTNAME: 'ollama.internal',
  DECK_OLLAMA_ADMIN_HOSTNAME: 'admin.ollama.internal',
  DECK_OLLAMA_CA_CERTIFICATE: CERTIFICATE,
  DECK_KEY_TEAM_ALPHA: 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0U1v',
  DECK_KEY_PLATFORM_ADMIN: '12345678901234567890123456789012', // digits alone, which YAML would read as a number
} as const;
