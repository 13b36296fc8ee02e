/**
 * Proves that every model answers, through the Service that the gateway uses. Runs in an image with `sh` (busybox) and
 * curl, on any node: the proof must be possible, and end, when there is no GPU node at all.
 */
export const PROVER_SCRIPT = String.raw`#!/bin/sh
set -eu

# One model a line: alias, and generate or embed.
models=$CONFIG_DIR/models
reply=$TMPDIR/reply
started=$(date +%s)

running() { [ $(($(date +%s) - started)) -lt "$1" ]; }

# Whether a pod of the server has an address, ready or not. Of one that is scaled to zero, or waits for a node, there
# is none: then the name can't be resolved, which is curl's exit code 6.
server_exists() {
  for server in $SERVERS; do
    code=0
    curl -s -o "$reply" --max-time 5 "http://$server:$PORT/api/version" || code=$?
    [ "$code" -eq 6 ] || return 0
  done
  return 1
}

# A refusal can come with status 200: only the mark of a whole answer counts.
answers() {
  case $2 in
  embed)
    body="{\"model\":\"$1\",\"input\":\"ready?\"}"
    mark='"embeddings":[[' ;;
  *)
    body="{\"model\":\"$1\",\"prompt\":\"ready?\",\"stream\":false,\"options\":{\"num_predict\":1}}"
    mark='"done":true' ;;
  esac
  : >"$reply"
  status=$(curl -s -o "$reply" -w '%{http_code}' --max-time "$ANSWER_SECONDS" -H 'content-type: application/json' \
    -d "$body" "http://$SERVICE:$PORT/api/$2") || status="curl error $?"
  [ "$status" = 200 ] && grep -qF "$mark" "$reply" && return 0
  why="$status $(head -c 300 "$reply")"
  return 1
}

proven=' '
while :; do
  missing=
  while read -r alias endpoint <&3; do
    case $proven in *" $alias "*) continue ;; esac
    if answers "$alias" "$endpoint"; then
      echo "proven: $alias answers"
      proven="$proven$alias "
    else
      missing="$missing $alias ($why)"
    fi
  done 3<"$models"
  [ -n "$missing" ] || exit 0
  if ! running "$NODE_SECONDS" && ! server_exists; then
    echo "NOT PROVEN: no server has a node. Its nodes are scaled to zero, or AWS has none to give. Not answered:$missing"
    exit 0
  fi
  if ! running "$PROVE_SECONDS"; then
    echo "FAILED after $PROVE_SECONDS s:$missing" >&2
    echo "What the servers say: kubectl logs -n $NAMESPACE -l $SERVER_SELECTOR -c models" >&2
    exit 1
  fi
  sleep "$RETRY_SECONDS"
done
`;
