/**
 * Seconds of the stages of a start from no node to the first answer, in order. Planning values that were never measured on AWS:
 * `ollama-eks status --timings` shows what they are in an installation.
 */
export interface ColdStart {
  /** From the launch of the instance until its GPUs can be used. */
  readonly node: number;
  /** Attaching and mounting the volume, and the network of the pod. */
  readonly attach: number;
  /** Pull of Ollama's image. */
  readonly image: number;
  /** Load of all models, with nothing cached. */
  readonly load: number;
  /** Start of the server, and one answer of each model. */
  readonly answer: number;
}

/** 160 to 190 s were reported for managed node groups of GPU instances, about half of it for drivers and device plugin. */
const NODE = 175;
/** What the EBS CSI driver usually needs to attach and mount a volume. @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver */
const ATTACH = 15;
/** 20 to 60 s were reported for images of this size, which are one layer: 3 GB, unpacked by one thread. @see https://github.com/ollama/ollama/issues/9982 */
const IMAGE = 60;
/** The server responds after a second or two, and a loaded model answers one word in less. */
const ANSWER = 5;

/** Returns the stages of the first server of a pool whose models are on their volume. */
export function coldStart({ coldLoadSeconds }: { readonly coldLoadSeconds: number }): ColdStart {
  return { node: NODE, attach: ATTACH, image: IMAGE, load: coldLoadSeconds, answer: ANSWER };
}
