/** How the result begins if no server existed that could answer. */
export const NOT_PROVEN = 'NOT PROVEN';

/**
 * Script that proves that every model answers, through the Service that the gateway uses. It runs in an image with `sh`
 * (busybox) and curl, on any node: the proof must also be possible, and end, when no GPU node exists. It writes its result to
 * the file that Kubernetes keeps as the container's termination message.
 */
export const PROVER_SCRIPT = String.raw`#!/bin/sh
set -eu

# One model per line: alias, and generate or embed.
models=$CONFIG_DIR/models
reply=$TMPDIR/reply
started=$(date +%s)

running() { [ $(($(date +%s) - started)) -lt "$1" ]; }

# Whether a name resolves. Exit code 6 of curl means that it does not, or that the resolver cannot be reached.
resolves() {
  code=0
  curl -s -o "$reply" --max-time 5 "http://$1/" || code=$?
  [ "$code" -ne 6 ]
}

# Whether certainly no server's pod has an address, ready or not, because all are scaled to zero or wait for nodes. A name
# that exists in every cluster shows whether name resolution works.
no_server_exists() {
  resolves "$CONTROL" || {
    missing="$missing; name resolution fails: $CONTROL does not resolve"
    return 1
  }
  for server in $SERVERS; do
    ! resolves "$server:$PORT" || return 1
  done
}

# An error can have status 200, so only the mark of a complete answer counts.
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
  [ -n "$missing" ] || {
    echo "every model answers" >"$RESULT_FILE"
    exit 0
  }
  if ! running "$NODE_SECONDS" && no_server_exists; then
    result="${NOT_PROVEN}: no server has a node. The nodes are scaled to zero, or AWS has no capacity. Not answered:$missing"
    echo "$result"
    echo "$result" >"$RESULT_FILE"
    exit 0
  fi
  if ! running "$PROVE_SECONDS"; then
    echo "FAILED after $PROVE_SECONDS s:$missing" >&2
    echo "See the logs of the servers: kubectl logs -n $NAMESPACE -l $SERVER_SELECTOR -c models" >&2
    exit 1
  fi
  sleep "$RETRY_SECONDS"
done
`;
