/**
 * The part of Envoy that asks istiod for its configuration: one stream of aggregated discovery (gRPC over HTTP/2 without TLS).
 * Answers are not read: istiod's debug pages show as JSON what it has sent to a proxy.
 * @see https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol
 */
import { type ClientHttp2Stream, connect } from 'node:http2';

const STREAM = '/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources';
const TYPE = 'type.googleapis.com/envoy.config';

/** Types of configuration, by the name of their discovery service. */
const TYPES = {
  clusters: `${TYPE}.cluster.v3.Cluster`,
  listeners: `${TYPE}.listener.v3.Listener`,
  routes: `${TYPE}.route.v3.RouteConfiguration`,
} as const;

/** Identity of a proxy. */
export interface ProxyNode {
  readonly name: string;
  readonly namespace: string;
  readonly address: string;
  /** What istiod selects configuration by, such as the labels of the pod. */
  readonly metadata: Metadata;
}

type Metadata = { readonly [key: string]: string | Metadata };

/** A stream to istiod, for one proxy. */
export class XdsClient {
  private readonly session;
  private readonly stream: ClientHttp2Stream;

  public constructor(
    port: number,
    private readonly node: ProxyNode,
  ) {
    this.session = connect(`http://127.0.0.1:${port}`);
    this.stream = this.session.request({
      ':method': 'POST',
      ':path': STREAM,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    this.stream.resume();
  }

  /** Asks for configuration of a type: all of it, or that with names. */
  public ask(type: keyof typeof TYPES, names: readonly string[] = []): void {
    const request = Buffer.concat([
      text(4, TYPES[type]),
      bytes(2, nodeMessage(this.node)),
      ...names.map((name) => text(3, name)),
    ]);
    const header = Buffer.alloc(5);
    header.writeUInt32BE(request.length, 1);
    this.stream.write(Buffer.concat([header, request]));
  }

  public stop(): void {
    this.session.destroy();
  }
}

function nodeMessage({ name, namespace, address, metadata }: ProxyNode): Buffer {
  return Buffer.concat([
    text(1, `router~${address}~${name}.${namespace}~${namespace}.svc.cluster.local`),
    text(2, `${name}.${namespace}`),
    bytes(3, struct(metadata)),
  ]);
}

/** `google.protobuf.Struct`: a map of names and values. */
function struct(fields: Metadata): Buffer {
  const entries = Object.entries(fields).map(([key, value]) => {
    const encoded = typeof value === 'string' ? text(3, value) : bytes(5, struct(value));
    return bytes(1, Buffer.concat([text(1, key), bytes(2, encoded)]));
  });
  return Buffer.concat(entries);
}

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

/** A field with a length, as protobuf encodes texts and messages. */
function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);
}

function varint(value: number): Buffer {
  const low = value & 0x7f;
  return value < 0x80 ? Buffer.from([low]) : Buffer.concat([Buffer.from([low | 0x80]), varint(value >>> 7)]);
}
