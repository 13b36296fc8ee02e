/**
 * Functions of the server's script that bring models to the volume.
 *
 * - A pull always responds with HTTP 200; `ollama pull` fails on an error in the stream, or when the stream breaks off.
 *   @see https://github.com/ollama/ollama/blob/v0.32.15/api/client.go (stream)
 * - `ollama list` shows only part of the digest; the full digest is the SHA-256 of the manifest's file.
 *   @see https://github.com/ollama/ollama/blob/v0.32.15/manifest/manifest.go (ParseNamedManifest)
 * - `ollama pull` retries a stalled part forever. Its parts stay on the disk when it is killed.
 *   @see https://github.com/ollama/ollama/blob/v0.32.15/server/download.go (errPartStalled)
 */
export const PULL_FUNCTIONS = String.raw`digest_of() { sha256sum <"$1" | cut -d ' ' -f 1; }

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

has_copy() { [ -e "$copy" ] && [ "$(layers_of "$copy")" = "$(layers_of "$manifest")" ]; }

# The manifest of a tag with a context is not the pulled one; its copy is. If a Job pulls, it alone writes the copies, so
# that a server never takes what is not complete, or what it has created itself, for what was pulled.
installed() {
  [ -e "$manifest" ] || return 1
  have=$(digest_of "$manifest")
  if has_copy && { [ "$have" != "$digest" ] || [ "$MODEL_PULL" = job ]; }; then
    have=$(digest_of "$copy")
    wanted
  else
    [ "$MODEL_PULL" != job ] && wanted && keep_copy
  fi
}

# Whether all files of the manifest exist.
is_whole() {
  for blob in $(grep -o 'sha256:[0-9a-f]*' "$manifest" | tr : -); do
    [ -e "$OLLAMA_MODELS/blobs/$blob" ] || return 1
  done
}

on_disk() { du -s "$OLLAMA_MODELS/blobs" 2>/dev/null | cut -f 1; }

# Waits until a process ends. Kills it when nothing has been downloaded for a while, unless it verifies what it has.
wait_for_download() {
  size=$(on_disk) grown=$(date +%s) reported=$grown
  while kill -0 "$1" 2>/dev/null; do
    nap "$WATCH_SECONDS"
    before=$size size=$(on_disk) now=$(date +%s)
    if [ "$size" != "$before" ] || grep -q verifying "$state/output"; then
      grown=$now
    elif [ $((now - grown)) -ge "$STALL_SECONDS" ]; then
      echo "Error: nothing was downloaded for $STALL_SECONDS s" >>"$state/output"
      kill "$1" 2>/dev/null || :
    fi
    [ $((now - reported)) -lt 30 ] || {
      reported=$now
      log "pulling $model: $((size / 1024)) MiB on disk"
    }
  done
  wait "$1"
}

pull() {
  log "pulling $model"
  ollama pull "$model" </dev/null >"$state/output" 2>&1 &
  wait_for_download $! || {
    log "error[pull-failed]: pull of $model failed: $(reason output)"
    return 1
  }
}

# Prints the digest that the tag has in the registry; nothing if the registry does not show it.
published() {
  host=$(echo "$model_path" | cut -d / -f 1)
  repository=$(dirname "$model_path" | cut -d / -f 2-)
  case $host in *:*) address=$host ;; *) address=$host:443 ;; esac
  printf 'GET /v2/%s/manifests/%s HTTP/1.0\r\nHost: %s\r\nAccept: %s\r\n\r\n' "$repository" "$(basename "$model_path")" "$host" \
    application/vnd.docker.distribution.manifest.v2+json |
    timeout 30 openssl s_client -quiet -verify_return_error -connect "$address" -servername "$(echo "$host" | cut -d : -f 1)" \
      >"$state/published" 2>/dev/null || :
  head -n 1 "$state/published" | grep -q '^HTTP/1.[01] 200' || return 0
  sed '1,/^\r*$/d' "$state/published" | sha256sum | cut -d ' ' -f 1
}

moved() {
  log "error[digest-moved]: the tag $model no longer refers to the pinned digest"
  return 1
}

wait_for_job() {
  log "error[pull-awaited]: $model is missing from the volume or has a different digest: waiting for the Job that pulls it"
  until installed >/dev/null; do nap "$WATCH_SECONDS"; done
}

# Downloaded parts are kept, so every attempt resumes where the previous one stopped.
fetch() {
  if [ "$MODEL_PULL" = offline ]; then
    log "error[pull-offline]: $model is missing from the volume or has a different digest, and pulls are off"
    return 1
  elif [ "$MODEL_PULL" = job ]; then
    wait_for_job
    return
  fi
  if [ "$digest" != - ]; then
    have=$(published)
    [ -z "$have" ] || wanted || moved || return 1
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
  wanted || moved || return 1
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
`;
