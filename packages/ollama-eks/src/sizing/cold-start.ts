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
/**
 * Seconds of it that a node does not need which is started again rather than launched: EC2 creates no instance, and nothing is set up for
 * the first time. Drivers and device plugin start as before. A planning value that leaves 110 s; without a GPU and without joining a cluster,
 * a start from a warm pool took 36 s in AWS' workshop.
 * @see https://github.com/awslabs/ec2-spot-workshops/blob/master/content/efficient-and-resilient-ec2-auto-scaling/lab1/91-launch-from-warm-pool.md
 */
const FIRST_BOOT = 65;
/** What the EBS CSI driver usually needs to attach and mount a volume. @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver */
const ATTACH = 15;
/** 20 to 60 s were reported for images of this size, which are one layer: 3 GB, unpacked by one thread. @see https://github.com/ollama/ollama/issues/9982 */
const IMAGE = 60;
/** The server responds after a second or two, and a loaded model answers one word in less. */
const ANSWER = 5;

/** What decides the start of a pool. */
export interface Start {
  /** Seconds to load all models when nothing is cached. */
  readonly coldLoadSeconds: number;
  /** Nodes of a warm pool, running and stopped. @default - no warm pool */
  readonly preparedNodes?: number;
}

/**
 * Returns the stages of the first server of a pool whose models are on their volume. With a warm pool, its node has served before: Ollama's
 * image is on the root volume, and EC2 has capacity.
 */
export function coldStart({ coldLoadSeconds, preparedNodes = 0 }: Start): ColdStart {
  const isPrepared = preparedNodes > 0;
  return {
    node: isPrepared ? NODE - FIRST_BOOT : NODE,
    attach: ATTACH,
    image: isPrepared ? 0 : IMAGE,
    load: coldLoadSeconds,
    answer: ANSWER,
  };
}
