import type { StackFileKind } from '../stack-file';
import { type Downloads, DOWNLOADS_FILE, type DownloadsFile } from './downloads';

/** The file with what a stack's deliveries download. */
export const DOWNLOADS: StackFileKind<Downloads> = {
  id: 'ollama-eks-downloads',
  fileName: DOWNLOADS_FILE,
  content: (deliveries): DownloadsFile => ({ formatVersion: 1, deliveries }),
};
