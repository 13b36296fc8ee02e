import { addCustomSynthesis, Annotations, type Construct } from './framework';

/**
 * Warns at synth about a source whose Applications nobody has read. Without them, GPU nodes cost money and serve nothing. A
 * warning, since a program may be the first of two steps.
 */
export class DeliveryWarning {
  private isRead = false;

  public constructor(source: Construct) {
    addCustomSynthesis(source, {
      onSynthesize: () => {
        if (!this.isRead)
          Annotations.of(source).addWarning(
            `Nothing delivers the Applications of ${source.node.path} to the cluster: add it to the sources of an ArgoCdDelivery or a ` +
              `HelmDelivery, or deliver its applications yourself.`,
          );
      },
    });
  }

  /** Records that something reads the Applications. Returns them. */
  public read<Applications>(applications: Applications): Applications {
    this.isRead = true;
    return applications;
  }
}
