/**
 * Functions of the server's script that watch the processes of loaded models.
 *
 * - Each loaded model has one process, llama-server, which listens on a port of 127.0.0.1. The main loop of llama-server
 *   answers `/slots` between two batches, before all other work and without a slot, so no answer means that the loop hangs,
 *   however busy the server is. It needs no place in a queue.
 *   @see https://github.com/ggml-org/llama.cpp/blob/master/tools/server/server-context.cpp (get_slots)
 * - As long as llama-server loads its model, it answers everything with 503. Ollama opens no connection for the requests that wait.
 *   @see https://github.com/ggml-org/llama.cpp/blob/master/tools/server/server-http.cpp (middleware_server_state)
 */
export const RUNNER_FUNCTIONS = String.raw`# Prints the ports of llama-server: those of 127.0.0.1 with a listener (state 0A), except Ollama's own (2CAA) and ztunnel's
# (15000 to 15099, 3A98 to 3AFB).
runners() { sockets | awk '$1 == "listens" { print $2 }'; }

# Prints the requests in progress: connections (state 01) to llama-server, as its port and the client's. Those from 127.0.0.2
# ask for metrics.
requests() { sockets | awk '$1 == "listens" { listens[$2] } $1 == "works" && $2 in listens { print $2, $3 }' | sort; }

sockets() {
  awk '
    { split($2, at, ":"); split($3, client, ":") }
    at[1] == "0100007F" && at[2] != "2CAA" && (at[2] < "3A98" || at[2] > "3AFB") {
      if ($4 == "0A") print "listens", at[2]
      if ($4 == "01" && client[1] == "0100007F") print "works", at[2], client[2]
    }' "$connections" | sort
}

# Whether the main loop of a runner answers, or the runner is gone: it may also end in between. Only silence is a hang, at which
# timeout exits with 124. Prints the status line. The port is hexadecimal.
answers() {
  timeout "$HANG_SECONDS" bash -c "{ exec 3<>/dev/tcp/127.0.0.1/$(printf %d "0x$1"); } 2>/dev/null || exit 0
    printf 'GET /slots HTTP/1.0\r\n\r\n' >&3 && head -n 1 <&3" || [ "$?" -ne 124 ]
}

loading() { answers "$1" | grep -q '^HTTP/[0-9.]* 503'; }

# Prints the layer with a model's weights, and the path of a name's manifest.
weights_of() { tr '{' '\n' <"$1" | grep 'image\.model"' | grep -o 'sha256:[0-9a-f]*'; }

manifest_of() {
  case $1 in
  */*/*) path=$1 ;;
  */*) path=registry.ollama.ai/$1 ;;
  *) path=registry.ollama.ai/library/$1 ;;
  esac
  echo "$OLLAMA_MODELS/manifests/$path" | sed 's|:\([^:]*\)$|/\1|'
}
`;
