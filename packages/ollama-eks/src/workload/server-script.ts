/**
 * Script of an Ollama pod in all its roles. It is one script because its roles share files.
 *
 * It uses only what is in Ollama's image: Ubuntu 24.04 with the packages ca-certificates, libvulkan1 and libopenblas0, so
 * dash as `sh`, coreutils, findutils, grep, sed, mawk, and the `ollama` command; no curl, no jq, no ps.
 * @see https://github.com/ollama/ollama/blob/v0.32.15/Dockerfile
 *
 * - A pull always responds with HTTP 200; `ollama pull` fails on an error in the stream, or when the stream breaks off.
 *   @see https://github.com/ollama/ollama/blob/v0.32.15/api/client.go (stream)
 * - `ollama list` shows only part of the digest; the full digest is the SHA-256 of the manifest's file.
 *   @see https://github.com/ollama/ollama/blob/v0.32.15/manifest/manifest.go (ParseNamedManifest)
 * - The plain tag is listed next to its alias. Without its own parameters, it would be loaded with the largest context of
 *   the pool and replace the alias in memory. So `ollama create` gives both names the same parameters: then their manifests
 *   are equal, and one runner serves both. `create` can override parameters but never removes one, and it deletes the
 *   pulled config and parameters. So a copy of the pulled files stays on the volume, outside the folders that Ollama lists
 *   and prunes, and is restored before the server starts.
 *   @see https://github.com/ollama/ollama/blob/v0.32.15/server/create.go (setParameters), manifest/manifest.go (RemoveLayers)
 * - `ollama ps` reports where a model is and with which context, under the name by which it was loaded. It does not wait: a
 *   model that is being loaded is absent, and one whose process has died is reported until the next request. So the sidecar
 *   requests an absent model and concludes nothing else. A load is aborted when its request is canceled.
 *   @see https://github.com/ollama/ollama/blob/v0.32.15/server/sched.go (loadedModels), llm/llama_server.go (WaitUntilRunning)
 * - `ollama serve` closes all connections on SIGTERM, so the drain comes first. Ollama opens a connection to llama-server
 *   for each request and closes it at its end; an open connection is a request in progress.
 *   @see https://github.com/ollama/ollama/blob/v0.32.15/llm/llama_server.go (newLlamaServerHTTPClient)
 */
export const SERVER_SCRIPT = String.raw`#!/bin/sh
# serve  runs the server
# keep   sidecar: pulls missing models, loads every model, and keeps checking them
# ready  probe: at the last check, every model was loaded correctly
# live   probe: the server responds, and the sidecar has not asked for its restart
# drain  waits for requests in progress before the server stops
set -eu

# One model per line: alias, model, the paths of their manifests, digest or -, context, batch or -, gpu or any.
models=$CONFIG_DIR/models
# Exists as long as the pod. good: this server has loaded all models. ready: touched at each check that finds them loaded.
# restart: this server had loaded all models and no longer can.
state=$STATE_DIR

log() { echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) $*"; }

# A shell handles a signal only when the command that it waits for can be interrupted.
nap() {
  sleep "$1" >/dev/null 2>&1 &
  wait $!
}

# A hung server may still accept connections.
responding() { timeout 8 ollama --version 2>/dev/null | grep -q '^ollama version is'; }

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
    [ "$MODEL_PULL" = online ] || [ -e "$PULLED_DIR/manifests/$path" ] ||
      place "$OLLAMA_MODELS/manifests/$path" "$PULLED_DIR/manifests/$path"
    rm "$OLLAMA_MODELS/manifests/$path"
  done
}

restore() { [ ! -e "$copy" ] || place "$copy" "$manifest"; }

serve() {
  rm -f "$state/ready" "$state/good" "$state/restart"
  hide_other_names
  [ ! -e "$PULLED_DIR/blobs" ] || cp -R "$PULLED_DIR/blobs" "$OLLAMA_MODELS"
  each_model restore
  exec ollama serve
}

digest_of() { sha256sum <"$1" | cut -d ' ' -f 1; }

# Prints the layers of a model that create does not change: all but the parameters.
layers_of() { tr '{' '\n' <"$1" | grep 'vnd\.ollama\.image' | grep -v 'image\.params' | grep -o 'sha256:[0-9a-f]*'; }

# Copies the manifest and its small files. Weights need no copy, since create does not delete them.
keep_copy() {
  for blob in $(grep -o 'sha256:[0-9a-f]*' "$manifest" | tr : -); do
    file=$OLLAMA_MODELS/blobs/$blob
    [ ! -e "$file" ] || [ "$(stat -c %s "$file")" -gt 1000000 ] || place "$file" "$PULLED_DIR/blobs/$blob" || return 1
  done
  place "$manifest" "$copy"
}

wanted() {
  [ "$digest" = - ] || [ "$have" = "$digest" ] || {
    log "$model has digest $have instead of $digest"
    return 1
  }
}

# The manifest of a tag with a context is not the pulled one; its copy is.
installed() {
  [ -e "$manifest" ] || return 1
  have=$(digest_of "$manifest")
  if [ "$have" != "$digest" ] && [ -e "$copy" ] && [ "$(layers_of "$copy")" = "$(layers_of "$manifest")" ]; then
    have=$(digest_of "$copy")
    wanted
  else
    wanted && keep_copy
  fi
}

report_progress() {
  while sleep 30 >/dev/null 2>&1; do
    log "pulling $model: $(du -sm "$OLLAMA_MODELS/blobs" 2>/dev/null | cut -f 1) MiB on disk"
  done
}

pull() {
  log "pulling $model"
  report_progress &
  reporter=$!
  pulled=0
  ollama pull "$model" </dev/null >"$state/output" 2>&1 || pulled=$?
  kill "$reporter" 2>/dev/null || :
  [ "$pulled" -eq 0 ] || log "error[pull-failed]: pull of $model failed: $(reason output)"
  return "$pulled"
}

# Downloaded parts are kept, so every attempt resumes where the previous one stopped.
fetch() {
  if [ "$MODEL_PULL" = offline ]; then
    log "error[pull-offline]: $model is missing from the volume or has a different digest, and pulls are off"
    return 1
  fi
  attempt=1
  until pull; do
    if [ "$attempt" -ge "$PULL_ATTEMPTS" ]; then
      log "error[pull-gave-up]: gave up on $model after $attempt attempts: $(reason output)"
      return 1
    fi
    nap $((attempt * RETRY_SECONDS))
    attempt=$((attempt + 1))
  done
  have=$(digest_of "$manifest")
  wanted || {
    log "error[digest-moved]: the tag $model no longer refers to the pinned digest"
    return 1
  }
  keep_copy || return 1
  log "pulled $model with digest $have"
}

# Gives alias and tag the same context.
create() {
  {
    echo "FROM $model"
    echo "PARAMETER num_ctx $context"
    [ "$batch" = - ] || echo "PARAMETER num_batch $batch"
  } >"$state/Modelfile"
  for name in "$alias" "$model"; do
    ollama create "$name" -f "$state/Modelfile" </dev/null >"$state/output" 2>&1 || {
      log "error[alias-failed]: cannot create $name from $model: $(reason output)"
      return 1
    }
  done
}

# A blob of a model may be missing although its manifest exists; a pull restores only that blob.
install() {
  installed || fetch || return 1
  create || { [ "$MODEL_PULL" = online ] && fetch && create; }
}

# The first byte of an answer is enough: the server stops when the client disconnects. A full queue is retried.
answer() {
  end=$(($(date +%s) + LOAD_SECONDS))
  until [ "$(timeout "$LOAD_SECONDS" ollama run "$alias" 'Answer with one word: ready' </dev/null 2>"$state/answer" |
    head -c 1 | wc -c)" -eq 1 ]; do
    if ! grep -q 'server busy' "$state/answer" || [ "$(date +%s)" -ge "$end" ]; then
      log "error[no-answer]: $alias did not answer within $LOAD_SECONDS s: $(reason answer)"
      return 1
    fi
    nap "$RETRY_SECONDS"
  done
}

provide() { install && answer; }

look() {
  timeout 60 ollama ps </dev/null >"$state/ps" 2>"$state/output" || {
    log "error[list-failed]: cannot see what is loaded: $(reason output)"
    return 1
  }
}

# Sets the code and the description of a problem as variables.
resident() {
  read -r code wrong <<END
$(awk -F '  +|\t+' -v alias="$alias" -v model="$model" -v context="$context" -v where="$where" '
    $1 == alias || $1 == model { seen = 1; place = $4; tokens = $5 }
    END {
      if (!seen) print "not-loaded is not loaded"
      else if (where == "gpu" && place != "100% GPU") print "wrong-place is " place ", not 100% GPU"
      else if (tokens != context) print "wrong-context has a context of " tokens " tokens, not " context
    }' "$state/ps")
END
  [ -z "$code" ]
}

# Every model is checked again at the end, since loading the last one may have unloaded the first.
establish() {
  each_model provide && look || exit 1
  each_model resident || {
    log "error[$code]: $alias $wrong"
    exit 1
  }
  log 'every model is loaded and has answered'
  touch "$state/good" "$state/ready"
}

# A tag that was pulled manually has lost its context.
renew() {
  [ -e "$manifest" ] && [ "$(cat "$manifest")" = "$(cat "$alias_manifest")" ] || {
    code=tag-differs wrong='differs from its tag'
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
  log "error[$code]: $alias $wrong: asking for a restart of the server"
  asked=
}

# Requests one model at a time, in the background, since the answer may have to wait for a load or in the queue. Whether the
# request is still waiting is checked before the models are, so that a model loaded in between is not considered lost.
watch() {
  waiting=no
  [ -z "$asked" ] || ! kill -0 "$asked" 2>/dev/null || waiting=yes
  look || return 0
  if each_model renew && each_model resident; then
    touch "$state/ready"
    [ "$waiting" = yes ] || asked=
  elif [ "$waiting" = yes ]; then
    return 0
  elif [ -n "$asked" ] && lost; then
    give_up
  else
    log "$alias $wrong: requesting it"
    { answer || nap "$RETRY_SECONDS"; } &
    asked=$!
  fi
}

keep() {
  trap 'exit 0' TERM INT
  asked=
  while :; do
    if [ -e "$state/restart" ] || ! responding; then
      log 'waiting for the server'
      until [ ! -e "$state/restart" ] && responding; do nap "$WATCH_SECONDS"; done
    fi
    if [ -e "$state/good" ]; then watch; else establish; fi
    nap "$WATCH_SECONDS"
  done
}

ready() { [ -e "$state/good" ] && recently 120; }

live() { [ ! -e "$state/restart" ] && responding; }

# Whether there is a connection to llama-server: an established one to a port of 127.0.0.1 with a listener (state 0A) that
# is neither Ollama's own port (2CAA) nor one of ztunnel's (15000 to 15099, 3A98 to 3AFB).
busy() {
  awk '
    { split($2, at, ":") }
    at[1] == "0100007F" && at[2] != "2CAA" && (at[2] < "3A98" || at[2] > "3AFB") {
      if ($4 == "0A") listens[at[2]] = 1
      if ($4 == "01") waiting[at[2]]++
    }
    END { for (port in waiting) if (port in listens) found = 1; exit !found }' "$connections"
}

drain() {
  [ ! -e "$state/restart" ] || return 0
  sleep "$SETTLE_SECONDS"
  end=$(($(date +%s) + DRAIN_SECONDS))
  quiet=0
  # There may be a short pause between the end of one request and the start of the next one in the queue.
  while [ "$quiet" -lt 3 ] && [ "$(date +%s)" -lt "$end" ]; do
    if busy; then quiet=0; else quiet=$((quiet + 1)); fi
    sleep "$QUIET_SECONDS"
  done
}

case $1 in
serve | keep | ready | live) "$1" ;;
drain)
  connections=$2
  drain
  ;;
*)
  echo "usage: $0 serve | keep | ready | live | drain /proc/net/tcp" >&2
  exit 2
  ;;
esac
`;
