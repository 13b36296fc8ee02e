/** Repository of charts: a Helm repository, or a registry and path, to which the name of the chart is appended; no credentials or query. */
export const CHART_REPOSITORY = /^(https:\/\/[^\s/?#@]+(\/[^\s?#@]*)?|oci:\/\/[^\s/?#@]+(\/[^\s/?#@]+)*)$/;

/**
 * Registry and path of images, without scheme and tag: `111122223333.dkr.ecr.us-west-2.amazonaws.com/mirror`. The first part is
 * a host only if it contains a dot or a colon.
 * @see https://github.com/distribution/reference/blob/main/reference.go
 */
export const IMAGE_LOCATION = /^([a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?|[a-z0-9-]+:\d+)(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;
