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

  it.each([
    ...['', 'https://registry.example.com/ollama', 'docker.io/ollama/ollama:0.32.15', 'docker.io/ollama/', 'a b'],
    ...[`docker.io/ollama/ollama@${DIGEST}`, 'user:hunter2@registry.example.com/ollama', 'docker.io/Ollama'],
  ])('refuses the repository %j', (repository) => {
    const error = refusal(() => imageReference({ ...OLLAMA_IMAGE, repository }, 'image'));
    expect(error.property).toBe('image.repository');
    expect(error.message).not.toContain('hunter2');
  });

  it.each([
    'ollama/ollama',
    'ollama',
    'localhost:5000/a__b/c-d',
    '111122223333.dkr.ecr.us-west-2.amazonaws.com/ollama',
  ])('accepts the repository %s', (repository) => {
    expect(imageReference({ repository, tag: '0.32.15' }, 'image')).toBe(`${repository}:0.32.15`);
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
