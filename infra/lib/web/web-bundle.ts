import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { AssetHashType } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

const DIST = fileURLToPath(new URL('../../../packages/web/dist', import.meta.url));
/** In the bundle: each file with its SHA-256. */
const SUMS = 'SHA256SUMS';

/** The built demo, as `packages/web/bundle` writes it: a zip file in the bucket of CDK's bootstrap. */
export interface WebBundle {
  /** `s3://bucket/key` */
  readonly url: string;
  /** The SHA-256 of the bundle's list of sums, and so of all that is in it. */
  readonly sha256: string;
  /** To fetch this one file. */
  readonly permission: PolicyStatement;
}

/** @throws Error when there is no bundle in the folder */
export function webBundle(scope: Construct, folder = DIST): WebBundle {
  const sha256 = createHash('sha256').update(readSums(folder)).digest('hex');
  // The sums stand for the content: nothing has to be read again to see whether it has changed.
  const asset = new Asset(scope, 'Bundle', {
    path: folder,
    assetHashType: AssetHashType.CUSTOM,
    assetHash: sha256,
  });
  return {
    url: asset.s3ObjectUrl,
    sha256,
    permission: new PolicyStatement({
      actions: ['s3:GetObject'],
      resources: [asset.bucket.arnForObjects(asset.s3ObjectKey)],
    }),
  };
}

function readSums(folder: string): Buffer {
  try {
    return readFileSync(path.join(folder, SUMS));
  } catch (cause) {
    throw new Error(
      `There is no bundle of the demo in ${folder}. Build it: npx pnpm --filter @workshop/web build`,
      {
        cause,
      },
    );
  }
}
