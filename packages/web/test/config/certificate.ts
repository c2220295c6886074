import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generate } from 'selfsigned';
import { onTestFinished } from 'vitest';

/** A key and a certificate that signs itself, as PEM and as files that go with the test. */
export interface Certificate {
  readonly keyFile: string;
  readonly certFile: string;
}

/** Made anew each time, so that no private key lies in the repository. */
export async function makeCertificate(hosts: {
  readonly name: string;
  readonly ip?: string;
}): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: hosts.name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 24 * 60 * 60 * 1_000),
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: hosts.name },
          ...(hosts.ip === undefined ? [] : [{ type: 7 as const, ip: hosts.ip }]),
        ],
      },
    ],
  });
  const folder = await mkdtemp(path.join(tmpdir(), 'web-certificate-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const files = { keyFile: path.join(folder, 'key.pem'), certFile: path.join(folder, 'cert.pem') };
  await writeFile(files.keyFile, made.private, { mode: 0o600 });
  await writeFile(files.certFile, made.cert);
  return files;
}
