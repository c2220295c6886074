#!/bin/bash
# Makes a web server of the demo of a new machine with Amazon Linux 2023: once, as root, run by cloud-init. The variables in capitals that are
# not set here stand before this text, where user-data.ts has put them. Whatever fails, CloudFormation hears of it, with the step's name.
set -euo pipefail

readonly APP=/opt/caching-workshop
readonly ETC=/etc/caching-workshop
readonly OWNER=caching-workshop
readonly LOADER=/usr/local/bin/caching-workshop-load
readonly LOG=/var/log/caching-workshop-setup.log
# What the step under way has said.
SAID=$(mktemp)
readonly SAID
STEP='The beginning'

# Runs a function. What it says goes to cloud-init's log (journalctl -u cloud-final), and to ours.
step() {
  STEP=$1
  printf '%s\n' "$STEP" | tee -a "$LOG"
  "$2" 2>&1 | tee "$SAID" | tee -a "$LOG"
}

# Tells CloudFormation how it went, on every way out.
finish() {
  local code=$? reason='The site is ready'
  trap - EXIT
  if ((code != 0)); then
    reason="$STEP failed: $(tail -n 5 "$SAID" | tail -c 800 | tr -s '[:space:]' ' ')"
  fi
  printf '%s\n' "$reason" | tee -a "$LOG"
  # A machine that a group starts by itself is waited for by nobody: then this fails, and that does not matter.
  /opt/aws/bin/cfn-signal --exit-code "$code" --reason "$reason" \
    --stack "$STACK_NAME" --resource "$RESOURCE" --region "$REGION" || true
  if ((code != 0)) && [[ $ON_FAILURE == power-off ]]; then systemctl poweroff; fi
  exit "$code"
}
trap finish EXIT

install_packages() {
  dnf install --assumeyes --quiet nodejs24 unzip
}

fetch_bundle() {
  local zip
  zip=$(mktemp)
  aws s3 cp --only-show-errors --region "$REGION" "$BUNDLE_URL" "$zip"
  install --directory --mode 755 "$APP"
  unzip -q -o "$zip" -d "$APP"
  rm "$zip"
}

check_bundle() {
  cd "$APP"
  printf '%s  SHA256SUMS\n' "$BUNDLE_SHA256" | sha256sum --check --quiet --strict
  sha256sum --check --quiet --strict SHA256SUMS
  # It is read by the server's user, and changed by nobody.
  chown --recursive root:root .
  chmod --recursive u=rwX,go=rX .
}

make_user() {
  useradd --system --user-group --no-create-home --home-dir / --shell /sbin/nologin "$OWNER"
}

write_settings() {
  install --directory --mode 755 "$ETC"
  printf '%s\n' "$OUTPUTS" >"$ETC/outputs.json"
  cat >"$ETC/environment" <<EOF
NODE_ENV=production
AWS_REGION=$REGION
WORKSHOP_STACK=$STACK_NAME
WORKSHOP_OUTPUTS=$ETC/outputs.json
HOST=$HOST
PORT=$PORT
TRUST_PROXY=$TRUST_PROXY
WEB_PROCESSES=auto
LOG_LEVEL=info
EOF
  printf '%s' "$UNIT" >/etc/systemd/system/caching-workshop.service
  cat >"$LOADER" <<EOF
#!/bin/bash
# Fills the database with the data set, as the site's user and with its settings: --rows N, --if-empty, --force.
set -euo pipefail
set -a
. $ETC/environment
cd $APP
exec runuser --user $OWNER -- /usr/bin/node-24 load-data.js "\$@"
EOF
  chmod 644 "$ETC"/* /etc/systemd/system/caching-workshop.service
  chmod 755 "$LOADER"
}

# Of several machines that are started at once, one loads, and the others wait for it.
load_data() {
  "$LOADER" --if-empty --rows "$ROWS"
}

start_server() {
  systemctl daemon-reload
  systemctl enable --now caching-workshop.service
}

wait_until_ready() {
  local answer
  SECONDS=0
  until answer=$(curl --silent --show-error --fail --max-time 10 "http://127.0.0.1:$PORT/readyz" 2>&1); do
    if ((SECONDS >= READY_SECONDS)); then
      printf '%s\n' "$answer"
      # What the server says beside its plain progress, which is of pino's level 30.
      journalctl --unit caching-workshop.service --lines 60 --output cat --no-pager | grep -v '^{"level":30' | tail -n 3
      return 1
    fi
    sleep 1
  done
}

: >"$LOG"
step 'Installing Node' install_packages
step 'Fetching the bundle' fetch_bundle
step 'Checking the bundle' check_bundle
step 'Making a user' make_user
step 'Writing the settings' write_settings
step 'Loading the data set' load_data
step 'Starting the server' start_server
step 'Waiting until the site is ready' wait_until_ready
