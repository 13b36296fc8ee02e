/** Git must never hold a private key: the load balancer controller's chart generates one, and Argo CD renders it in the cluster. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A private key, or its first line in base64. */
const PRIVATE_KEY = /PRIVATE KEY|LS0tLS1CRUdJTi[A-Za-z0-9+/]*(UFJJVkFURS|QUklWQVRF|BSSVZBVEU)/;

test.each(['argocd', 'deck'])('no file of %s contains a private key', (tree) => {
  const folder = resolve(__dirname, '../..', tree);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  expect(files.length).toBeGreaterThan(0);
  const holding = files.filter((file) => PRIVATE_KEY.test(readFileSync(join(file.parentPath, file.name), 'utf8')));
  expect(holding.map(({ name }) => name)).toEqual([]);
});

test.each(['PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'])('recognizes %s', (kind) => {
  const pem = `-----BEGIN ${kind}-----\nMHcCAQEE`;
  expect(PRIVATE_KEY.test(pem)).toBe(true);
  expect(PRIVATE_KEY.test(Buffer.from(pem).toString('base64'))).toBe(true);
  expect(PRIVATE_KEY.test(Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64'))).toBe(false);
});
