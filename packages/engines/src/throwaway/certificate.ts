/** A server's own key and certificate, both as PEM. */
export interface Certificate {
  key: string;
  /** It signs itself, so it is also what a client has to trust. */
  cert: string;
}

/** Made anew each time, so that no private key lies in the repository. For 127.0.0.1 and `localhost`. */
export async function makeCertificate(): Promise<Certificate> {
  // It brings much along, which only few who import this ever need.
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // A client whose clock is a little behind must not find it not yet valid.
    notBeforeDate: new Date(Date.now() - 24 * 60 * 60 * 1_000),
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}
