import { PREFETCH_FUNCTIONS } from './server-prefetch-functions';
import { PULL_FUNCTIONS } from './server-pull-functions';
import { RUNNER_FUNCTIONS } from './server-runner-functions';

/** Age in seconds at which the last check of the sidecar is too old to call the server ready. */
export const READY_SECONDS = 120;

/**
 * Script of an Ollama pod in all its roles. It is one script because its roles share files.
 *
 * It uses only what is in Ollama's image: Ubuntu 24.04 with the packages ca-certificates, libvulkan1 and libopenblas0, so
 * dash as `sh`, bash, coreutils, findutils, grep, sed, mawk, openssl (a dependency of ca-certificates), and the `ollama`
 * command; no curl, no jq, no ps.
 * @see https://github.com/ollama/ollama/blob/v0.32.15/Dockerfile
 *
 * - The plain tag is listed next to its alias. Without its own parameters, it would be loaded with the largest context of
 *   the pool and replace the alias in memory. So `ollama create` gives both names the same parameters: then their manifests
 *   are equal, and one runner serves both. `create` can override parameters but never removes one, and it deletes the
 *   pulled config and parameters. So a copy of the pulled files stays on the volume, outside the folders that Ollama lists
 *   and prunes, and is restored before the server starts.
 *   @see https://github.com/ollama/ollama/blob/v0.32.15/server/create.go (setParameters), manifest/manifest.go (RemoveLayers)
 * - `ollama ps` reports where a model is and with which context, under the name by which it was loaded. It does not wait: a
 *   model that is being loaded is absent, and one whose process has died is reported until the next request. So the sidecar
 *   requests an absent model and concludes nothing else. A load is aborted when its request is canceled. Names with the same
 *   weights share one runner, so a model is recognized by its weights.
 *   @see https://github.com/ollama/ollama/blob/v0.32.15/server/sched.go (loadedModels), llm/llama_server.go (WaitUntilRunning)
 * - `ollama serve` closes all connections on SIGTERM, so the drain comes first. Ollama opens a connection to llama-server
 *   for each request and closes it at its end; an open connection is a request in progress.
 *   @see https://github.com/ollama/ollama/blob/v0.32.15/llm/llama_server.go (newLlamaServerHTTPClient)
 */
export const SERVER_SCRIPT = String.raw`#!/bin/sh
# serve    runs the server
# keep     sidecar: pulls missing models, loads every model, and keeps checking them
# ready    probe: at the last check, every model was loaded correctly
# live     probe: the server responds, and the sidecar has not asked for its restart
# bring    Job: pulls missing models to the volume of a server, with an Ollama of its own
# drain    waits for requests in progress before the server stops
# metrics  sidecar: serves the metrics of the pod, if they are scraped
set -eu

# One model per line: alias, model, the paths of their manifests, digest or -, context, batch or -, gpu or any.
models=$CONFIG_DIR/models
# Exists as long as the pod. good: this server has loaded all models. ready: touched at each check that finds them loaded.
# restart: this server had loaded all models and no longer can. proven: touched at each answer that the sidecar gets.
state=$STATE_DIR

log() { echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) $*"; }

# A shell handles a signal only when the command that it waits for can be interrupted.
nap() {
  sleep "$1" >/dev/null 2>&1 &
  wait $!
}

# A hung server may still accept connections.
responding() { timeout "$RESPONSE_SECONDS" ollama --version 2>/dev/null | grep -q '^ollama version is'; }

# Prints the last error in a command's output, a file in $state, without the escape codes of progress bars.
reason() { tr -d '\r\033' <"$state/$1" | sed -n 's/.*Error: //p' | tail -n 1; }

# Runs a command for each model, with the model's columns as variables; stops at the first failure.
each_model() {
  while read -r alias model alias_path model_path digest context batch where <&3; do
    alias_manifest=$OLLAMA_MODELS/manifests/$alias_path
    manifest=$OLLAMA_MODELS/manifests/$model_path
    copy=$PULLED_DIR/manifests/$model_path
    "$@" || return 1
  done 3<"$models"
}

# Copies a file atomically.
place() { mkdir -p "$(dirname "$2")" && cp "$1" "$2.new" && mv "$2.new" "$2"; }

# Ollama lists everything that has a manifest, with any context: older aliases, models that were served before. Offline,
# such manifests are moved to the copies, and their weights are not pruned.
hide_other_names() {
  mkdir -p "$OLLAMA_MODELS/manifests"
  find "$OLLAMA_MODELS/manifests" -type f -printf '%P\n' | while IFS= read -r path; do
    ! grep -qF " $path " "$models" || continue
    log "$path is not served here"
    [ "$MODEL_PULL" != offline ] || [ -e "$PULLED_DIR/manifests/$path" ] ||
      place "$OLLAMA_MODELS/manifests/$path" "$PULLED_DIR/manifests/$path"
    rm "$OLLAMA_MODELS/manifests/$path"
  done
}

restore() { [ ! -e "$copy" ] || place "$copy" "$manifest"; }

${PREFETCH_FUNCTIONS}
serve() {
  rm -f "$state/ready" "$state/good" "$state/restart" "$state/proven" "$state/unproven"
  hide_other_names
  [ ! -e "$PULLED_DIR/blobs" ] || cp -R "$PULLED_DIR/blobs" "$OLLAMA_MODELS"
  each_model restore
  prefetch &
  exec ollama serve
}

${PULL_FUNCTIONS}
# The first byte of an answer is enough: the server stops when the client disconnects. A full queue is retried. It takes one
# place in the queue, which OLLAMA_MAX_QUEUE has room for.
answer() {
  end=$(($(date +%s) + $1))
  until [ "$(timeout "$1" ollama run "$alias" 'Answer with one word: ready' </dev/null 2>"$state/answer" |
    head -c 1 | wc -c)" -eq 1 ]; do
    if [ "$(date +%s)" -ge "$end" ]; then
      log "error[no-answer]: $alias did not answer within $1 s: $(reason answer)"
      return 1
    elif ! grep -q 'server busy' "$state/answer"; then
      log "error[answer-failed]: $alias failed to answer: $(reason answer)"
      return 1
    fi
    nap "$RETRY_SECONDS"
  done
  touch "$state/proven"
}

bring() {
  trap 'exit 1' TERM INT
  ollama serve &
  server=$!
  trap 'kill "$server" 2>/dev/null || :' EXIT
  until responding; do
    kill -0 "$server" 2>/dev/null || exit 1
    nap "$START_SECONDS"
  done
  each_model have_pulled
}

have_pulled() { { installed && is_whole; } || fetch; }

provide() { install && answer "$LOAD_SECONDS"; }

${RUNNER_FUNCTIONS}
look() {
  timeout 60 ollama ps </dev/null >"$state/ps" 2>"$state/output" || {
    log "error[list-failed]: cannot see what is loaded: $(reason output)"
    return 1
  }
  awk -F '  +|\t+' 'NR > 1 { print $1 "|" $5 "|" $4 }' "$state/ps" | while IFS='|' read -r name tokens place; do
    echo "$(weights_of "$(manifest_of "$name")" 2>/dev/null || echo "$name")|$tokens|$place"
  done >"$state/loaded"
}

every_process_exists() { [ "$(runners | wc -l)" -ge "$(wc -l <"$state/loaded")" ]; }

# Sets the code and the description of a problem as variables. While a model is unloaded, it is listed for a moment longer
# than its process exists.
running() {
  code=runner-gone wrong='a model is listed, but its process is gone'
  every_process_exists || { nap "$EXIT_SECONDS" && look && every_process_exists; } || return 1
  code=runner-hung wrong="a model hangs: its process has not answered for $HANG_SECONDS s"
  for port in $(runners); do answers "$port" >/dev/null || return 1; done
}

# Sets the code and the description of a problem as variables.
resident() {
  read -r code wrong <<FOUND
$(awk -F '|' -v alias="$alias" -v weights="$(weights_of "$manifest")" -v context="$context" -v where="$where" '
    $1 == weights { seen = 1; tokens = $2; place = $3 }
    END {
      if (!seen) print "not-loaded", alias, "is not loaded"
      else if (where == "gpu" && place != "100% GPU") print "wrong-place", alias, "is " place ", not 100% GPU"
      else if (tokens != context) print "wrong-context", alias, "has a context of " tokens " tokens, not " context
    }' "$state/loaded")
FOUND
  [ -z "$code" ]
}

# Every model is checked again at the end, since loading the last one may have unloaded the first.
establish() {
  if ! { each_model provide && look; }; then
    if look && ! running && [ "$code" = runner-hung ]; then
      log "error[$code]: $wrong: asking for a restart of the server"
      touch "$state/restart"
    fi
    exit 1
  fi
  each_model resident || {
    log "error[$code]: $wrong"
    exit 1
  }
  log 'every model is loaded and has answered'
  touch "$state/good" "$state/ready"
}

# Whether an answer is due: all models are idle, and none has finished a request for a while. Runners that answer may still
# get no requests, or fail each one. An idle server answers at once, so load cannot explain a missing answer.
answer_is_due() {
  requests >"$state/requests.new"
  [ -z "$(comm -23 "$state/requests" "$state/requests.new" 2>/dev/null)" ] || touch "$state/proven"
  mv "$state/requests.new" "$state/requests"
  [ ! -s "$state/requests" ] && [ -z "$(find "$state/proven" -newermt "-$PROOF_SECONDS seconds" 2>/dev/null)" ]
}

# Collects failures: a single one may be that of a request which makes the server reload a model.
prove() {
  if each_model answer "$ANSWER_SECONDS"; then rm -f "$state/unproven"; else echo >>"$state/unproven"; fi
}

unproven() { [ "$(cat "$state/unproven" 2>/dev/null | wc -l)" -ge "$1" ]; }

# A tag that was pulled manually has lost its context.
renew() {
  [ -e "$manifest" ] && [ "$(cat "$manifest")" = "$(cat "$alias_manifest")" ] || {
    code=tag-differs wrong="$alias differs from its tag"
    installed && create
  }
}

recently() { [ -n "$(find "$state/ready" -newermt "-$1 seconds" 2>/dev/null)" ]; }

# A request restores a model and its context, but not a GPU. A model that stays absent for the time of a load is lost, too.
lost() {
  case $code in
  wrong-place) return 0 ;;
  *) ! recently "$LOAD_SECONDS" ;;
  esac
}

# Does nothing if the server has restarted in the meantime, since nothing is known about the new one yet.
give_up() {
  mv "$state/good" "$state/restart" 2>/dev/null || return 0
  log "error[$code]: $wrong: asking for a restart of the server"
  asked=
}

request() { if [ "$code" = runner-gone ]; then each_model answer "$LOAD_SECONDS"; else answer "$LOAD_SECONDS"; fi; }

# Requests one model at a time, in the background, since the answer may have to wait for a load or in the queue. Whether the
# request is still waiting is checked before the models are, so that a model loaded in between is not considered lost.
watch() {
  waiting=no
  [ -z "$asked" ] || ! kill -0 "$asked" 2>/dev/null || waiting=yes
  look || return 0
  if running && each_model renew && each_model resident; then
    unproven 1 || touch "$state/ready"
    [ "$waiting" = no ] || return 0
    asked=
    if unproven 2; then
      code=no-answer wrong='a model is idle and does not answer'
      give_up
    elif answer_is_due; then
      prove &
      asked=$!
    fi
  elif [ "$code" = runner-hung ]; then
    give_up
  elif [ "$waiting" = yes ]; then
    return 0
  elif [ -n "$asked" ] && lost; then
    give_up
  else
    log "$wrong: requesting it"
    { request || nap "$RETRY_SECONDS"; } &
    asked=$!
  fi
}

keep() {
  trap 'exit 0' TERM INT
  asked=
  while :; do
    if [ -e "$state/restart" ] || ! responding; then
      log 'waiting for the server'
      until [ ! -e "$state/restart" ] && responding; do nap "$START_SECONDS"; done
    fi
    if [ -e "$state/good" ]; then watch; else establish; fi
    nap "$WATCH_SECONDS"
  done
}

ready() { [ -e "$state/good" ] && recently ${READY_SECONDS}; }

live() { [ ! -e "$state/restart" ] && responding; }

# A request to a runner that hangs never ends. Others may wait for a model that is loaded again; nobody waits for the first
# load, when the pod has not been ready.
busy() {
  for port in $(requests | cut -d ' ' -f 1 | uniq); do ! answers "$port" >/dev/null || return 0; done
  [ -e "$state/good" ] || return 1
  for port in $(runners); do ! loading "$port" || return 0; done
  return 1
}

drain() {
  sleep "$SETTLE_SECONDS"
  end=$(($(date +%s) + DRAIN_SECONDS))
  quiet=0
  # There may be a short pause between the end of one request and the start of the next one in the queue.
  while [ "$quiet" -lt 3 ] && [ "$(date +%s)" -lt "$end" ]; do
    if busy; then quiet=0; else quiet=$((quiet + 1)); fi
    sleep "$QUIET_SECONDS"
  done
}

# Metrics must not take a server away from its callers: a container that has ended would make the pod unready. An image without
# Perl has no metrics.
metrics() {
  trap 'kill "$exporter"; exit 0' TERM INT
  while :; do
    perl "$CONFIG_DIR/metrics.pl" "$connections" &
    exporter=$!
    wait "$exporter" || log 'metrics are not served: the exporter has ended'
    nap "$RETRY_SECONDS"
  done
}

case $1 in
serve | bring | ready | live) "$1" ;;
keep | drain | metrics)
  connections=$2
  "$1"
  ;;
*)
  echo "usage: $0 serve | bring | keep /proc/net/tcp | ready | live | drain /proc/net/tcp |
    metrics /proc/net/tcp" >&2
  exit 2
  ;;
esac
`;
