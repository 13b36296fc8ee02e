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

# Whether a name has an address: curl's exit code 6 says that it has none, or that nobody could be asked.
resolves() {
  code=0
  curl -s -o "$reply" --max-time 5 "http://$1/" || code=$?
  [ "$code" -ne 6 ]
}

# Whether it is sure that no pod of a server has an address, ready or not, as when all are scaled to zero or wait for
# nodes. A name that every cluster has tells whether names are resolved at all.
no_server_exists() {
  resolves "$CONTROL" || {
    missing="$missing; names are not resolved: $CONTROL has no address"
    return 1
  }
  for server in $SERVERS; do
    ! resolves "$server:$PORT" || return 1
  done
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
  if ! running "$NODE_SECONDS" && no_server_exists; then
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
