/** Port of the metrics of a pod, on all its addresses. */
export const METRICS_PORT = 11_435;

/**
 * Script that serves the metrics of a server's pod in Prometheus' text format. Perl can listen, which no shell can, and is
 * in every image of Ubuntu (perl-base is essential); only modules of that package are used. The process uses 8 MB; a warm
 * scrape took 36 to 79 ms when measured. Only numbers and names of models are passed on, never text of a request.
 *
 * - llama-server has metrics if `LLAMA_ARG_ENDPOINT_METRICS` is set for Ollama, on a port of 127.0.0.1 that changes with each
 *   load. Its counters then begin at 0 again, as Prometheus expects after a restart. It does not know the model's name, but its
 *   file, so the name is that of the table whose manifest has the same weights. Names begin with `llamacpp_` instead of
 *   `llamacpp:`, because Prometheus reserves the colon for its own rules.
 *   @see https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md (GET /metrics)
 * - Not passed on: the token rates, which each scrape resets; `requests_deferred`, which is always 0, since Ollama's queue is
 *   in front of llama-server; `n_tokens_max`, which is called a counter and is none.
 * - Connections come from 127.0.0.2, so that the sidecar and the drain do not count them as requests, and are closed at once. A
 *   process that hangs is left out after a short time. The listener is not on 127.0.0.1, where it would be taken for that
 *   of a model.
 */
export const METRICS_SCRIPT = String.raw`use strict;
use warnings;
use IO::Socket::INET;

my ($connections) = @ARGV;
my ($config, $state, $volume) = @ENV{qw(CONFIG_DIR STATE_DIR OLLAMA_MODELS)};
my ($ollama) = $ENV{OLLAMA_HOST} =~ /:(\d+)$/;
my $pool = qq(pool="$ENV{POOL}");
my %passed = map { $_ => 1 } qw(
  prompt_tokens_total prompt_tokens_cached_total prompt_seconds_total tokens_predicted_total tokens_predicted_seconds_total
  n_decode_total requests_processing spec_decode_num_drafts_total spec_decode_num_draft_tokens_total
  spec_decode_num_accepted_tokens_total
);
my (@names, %about, %samples);

sub metric {
  my ($name, $type, $help, $labels, $value) = @_;
  push @names, $name unless $about{$name};
  $about{$name} = "# HELP $name $help\n# TYPE $name $type\n";
  push @{ $samples{$name} }, "$name\{" . join(',', @$labels, $pool) . "} $value\n";
}

sub content {
  my ($path) = @_;
  open my $file, '<', $path or return '';
  local $/;
  return <$file> // '';
}

# Returns the body of a page on this host, or undef.
sub page {
  my ($port, $path) = @_;
  my $text = '';
  eval {
    local $SIG{ALRM} = sub { die "no answer\n" };
    alarm $ENV{PAGE_SECONDS};
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, LocalAddr => '127.0.0.2') or die "refused\n";
    print $socket "GET $path HTTP/1.0\r\nHost: localhost\r\n\r\n";
    local $/;
    $text = <$socket> // '';
  };
  alarm 0;
  return $text =~ m{\AHTTP/\S+ 200\b.*?\r\n\r\n(.*)\z}s ? $1 : undef;
}

# Ports of llama-server, as the server's script finds them.
sub runners {
  my %ports;
  for (split /\n/, content($connections)) {
    my (undef, $address, undef, $status) = split;
    next unless ($status // '') eq '0A' && $address =~ /^0100007F:([0-9A-F]{4})$/;
    my $port = hex $1;
    $ports{$port} = 1 unless $port == $ollama || ($port >= 15000 && $port <= 15099);
  }
  return sort { $a <=> $b } keys %ports;
}

# The layer with the weights of a manifest.
sub weights {
  my ($path) = @_;
  my ($layer) = grep { /image\.model"/ } split /\{/, content("$volume/manifests/$path");
  return ($layer // '') =~ /sha256[:-]([0-9a-f]+)/ ? $1 : '';
}

sub manifest_of {
  my ($name) = @_;
  my $slashes = ($name =~ tr{/}{});
  my $path = $slashes > 1 ? $name : $slashes == 1 ? "registry.ollama.ai/$name" : "registry.ollama.ai/library/$name";
  $path =~ s{:([^:]*)$}{/$1};
  return $path;
}

sub models {
  return map { my @columns = split; { alias => $columns[0], weights => weights($columns[2]) } } split /\n/, content("$config/models");
}

sub ollama_metrics {
  my @models = @_;
  my $ps = page($ollama, '/api/ps');
  metric('ollama_up', 'gauge', 'Whether Ollama lists its models', [], defined $ps ? 1 : 0);
  return unless defined $ps;
  my %loaded;
  for (split /(?=\{"name":")/, $ps) {
    my ($name) = /^\{"name":"([^"]*)"/ or next;
    $loaded{ weights(manifest_of($name)) || $name } = $_;
  }
  for my $model (@models) {
    my $entry = $loaded{ $model->{weights} };
    my $labels = [qq(alias="$model->{alias}")];
    metric('ollama_model_loaded', 'gauge', 'Whether the model is loaded', $labels, defined $entry ? 1 : 0);
    next unless defined $entry;
    for (
      ['size', 'ollama_model_size_bytes', 'Memory of the model, in GPUs and in main memory'],
      ['size_vram', 'ollama_model_vram_bytes', 'Memory of the model in GPUs'],
      ['context_length', 'ollama_model_context_tokens', 'Context of one request'],
    ) {
      my ($field, $name, $help) = @$_;
      metric($name, 'gauge', $help, $labels, $entry =~ /"$field":(\d+)/ ? $1 : 0);
    }
  }
}

sub runner_metrics {
  my %alias = map { ($_->{weights} => $_->{alias}) } reverse @_;
  for my $port (runners()) {
    my ($weights) = (page($port, '/v1/models') // '') =~ /sha256-([0-9a-f]+)/ or next;
    my $alias = $alias{$weights} or next;
    my (%help, %type);
    for (split /\n/, page($port, '/metrics') // '') {
      if (/^# HELP llamacpp:(\w+) (.*)/) { $help{$1} = $2 }
      elsif (/^# TYPE llamacpp:(\w+) (\w+)/) { $type{$1} = $2 }
      elsif (/^llamacpp:(\w+) ([-+.eE0-9]+)$/ && $passed{$1}) {
        metric("llamacpp_$1", $type{$1} // 'untyped', $help{$1} // '', [qq(alias="$alias")], $2);
      }
    }
  }
}

sub pod_metrics {
  my $seen = (stat "$state/ready")[9];
  my $ready = -e "$state/good" && defined $seen && time - $seen <= $ENV{READY_SECONDS};
  metric('ollama_server_ready', 'gauge', 'Whether every model was loaded correctly at the last check', [], $ready ? 1 : 0);
  my $answered = (stat "$state/proven")[9];
  metric('ollama_server_last_answer_timestamp_seconds', 'gauge', 'Time of the last answer that was seen', [], $answered) if $answered;
  my ($size, $available) = (split ' ', (split /\n/, qx(df -Pk "$volume"))[1] // '')[1, 3];
  return unless defined $available;
  metric('ollama_models_volume_size_bytes', 'gauge', 'Size of the file system of the models', [], $size * 1024);
  metric('ollama_models_volume_available_bytes', 'gauge', 'Free space on it', [], $available * 1024);
}

sub text {
  (@names, %about, %samples) = ();
  my @models = models();
  ollama_metrics(@models);
  runner_metrics(@models);
  pod_metrics();
  return join '', map { $about{$_}, @{ $samples{$_} } } @names;
}

sub answer {
  my ($client) = @_;
  local $SIG{ALRM} = sub { die "the client is slow\n" };
  alarm $ENV{PAGE_SECONDS};
  my $request = <$client> // '';
  while (defined(my $line = <$client>)) { last if $line =~ /^\r?\n$/ }
  alarm 0;
  my ($status, $body) = $request =~ m{^GET /metrics[ ?]} ? ('200 OK', text()) : ('404 Not Found', '');
  alarm $ENV{PAGE_SECONDS};
  print $client "HTTP/1.1 $status\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: " . length($body) .
    "\r\nConnection: close\r\n\r\n$body";
  close $client;
  alarm 0;
}

$SIG{PIPE} = 'IGNORE';
$SIG{TERM} = $SIG{INT} = sub { exit 0 };
my $server = IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => $ENV{METRICS_PORT}, Listen => 8, ReuseAddr => 1)
  or die "cannot listen on port $ENV{METRICS_PORT}: $@\n";
while (1) {
  my $client = $server->accept or next;
  eval { answer($client); 1 } or warn $@;
  alarm 0;
  close $client;
}
`;
