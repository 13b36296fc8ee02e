import { ACCESS_LOG_FIELDS } from '../../../packages/ollama-eks/src/mesh/access-logs';

/** Returns Envoy's access log as istiod configures it from the settings of the mesh: with the formatter that REQ_WITHOUT_QUERY needs. */
export function envoyAccessLog(path: string) {
  return {
    name: 'envoy.access_loggers.file',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog',
      path,
      log_format: {
        json_format: ACCESS_LOG_FIELDS,
        formatters: [
          {
            name: 'envoy.formatter.req_without_query',
            typed_config: {
              '@type': 'type.googleapis.com/envoy.extensions.formatter.req_without_query.v3.ReqWithoutQuery',
            },
          },
        ],
      },
    },
  };
}
