import { CURL_IMAGE, imageReference, OLLAMA_IMAGE } from '../../src/workload/container-image';
import { refusal } from '../refusal';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('container image', () => {
  it('is referenced by tag, and by digest if it has one', () => {
    expect(imageReference(OLLAMA_IMAGE, 'image')).toBe('docker.io/ollama/ollama:0.32.15');
    expect(imageReference({ ...OLLAMA_IMAGE, digest: DIGEST }, 'image')).toBe(
      `docker.io/ollama/ollama:0.32.15@${DIGEST}`,
    );
  });

  it.each(['latest', 'rocm', 'main', '', 'a b'])('refuses the tag %j', (tag) => {
    const error = refusal(() => imageReference({ ...CURL_IMAGE, tag }, 'proverImage'));
    expect(error.property).toBe('proverImage.tag');
  });

  it.each(['a'.repeat(64), 'sha256:abc', `sha256:${'A'.repeat(64)}`])('refuses the digest %s', (digest) => {
    expect(refusal(() => imageReference({ ...OLLAMA_IMAGE, digest }, 'image')).property).toBe('image.digest');
  });

  it('is at least 0.30, which places models as sizing assumes', () => {
    const [major = 0, minor = 0] = OLLAMA_IMAGE.tag.split('.').map(Number);
    expect(major > 0 || minor >= 30).toBe(true);
  });
});
