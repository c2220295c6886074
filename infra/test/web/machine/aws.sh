#!/bin/bash
# Fetches what is in the bucket, or says that it is not there as the AWS command line does.
[[ "$1 $2" == 's3 cp' ]] || { printf 'aws: not expected: %s\n' "$*" >&2; exit 1; }
key=${*: -2:1} file=${*: -1}
key=${key#s3://}
if [[ -f /machine/bucket/$key ]]; then exec cp "/machine/bucket/$key" "$file"; fi
printf 'fatal error: An error occurred (404) when calling the HeadObject operation: Key "%s" does not exist\n' "${key#*/}" >&2
exit 1
