import { mapImages, parseImageReference } from '../../src/gitops/image-reference';

describe('parseImageReference', () => {
  const digest = `@sha256:${'0'.repeat(64)}`;

  it.each([
    ['docker.io/ollama/ollama:0.32.15', 'docker.io', 'docker.io/ollama/ollama', ':0.32.15'],
    ['ollama/ollama:0.32.15', 'docker.io', 'docker.io/ollama/ollama', ':0.32.15'],
    ['redis', 'docker.io', 'docker.io/library/redis', ''],
    ['docker.io/redis:8', 'docker.io', 'docker.io/library/redis', ':8'],
    ['index.docker.io/library/redis:8', 'docker.io', 'docker.io/library/redis', ':8'],
    ['ecr-public.aws.com/docker/library/redis:8', 'public.ecr.aws', 'public.ecr.aws/docker/library/redis', ':8'],
    ['localhost:5000/a/b', 'localhost:5000', 'localhost:5000/a/b', ''],
    ['registry.example.com:5000/a:1', 'registry.example.com:5000', 'registry.example.com:5000/a', ':1'],
    [`quay.io/argoproj/argocd:v3.4.4${digest}`, 'quay.io', 'quay.io/argoproj/argocd', `:v3.4.4${digest}`],
    [`quay.io/argoproj/argocd${digest}`, 'quay.io', 'quay.io/argoproj/argocd', digest],
  ])('%s', (text, registry, repository, suffix) => {
    expect(parseImageReference(text)).toEqual({ registry, repository, suffix });
  });
});

describe('mapImages', () => {
  const mirrored = (image: string) => `mirror/${image}`;

  it('maps the images of all containers and volumes, wherever they are, and nothing else', () => {
    const pod = {
      initContainers: [{ name: 'a', image: 'one' }],
      containers: [{ name: 'b', image: 'two', env: [{ name: 'image', value: 'three' }] }],
      ephemeralContainers: [{ image: 'four' }],
      volumes: [
        { name: 'v', image: { reference: 'five' } },
        { name: 'w', emptyDir: {} },
      ],
      image: 'six',
    };
    expect(
      mapImages(
        { kind: 'Job', spec: { template: { spec: pod } }, repoServer: { extraContainers: [{ image: 'x' }] } },
        mirrored,
      ),
    ).toEqual({
      kind: 'Job',
      spec: {
        template: {
          spec: {
            initContainers: [{ name: 'a', image: 'mirror/one' }],
            containers: [{ name: 'b', image: 'mirror/two', env: [{ name: 'image', value: 'three' }] }],
            ephemeralContainers: [{ image: 'mirror/four' }],
            volumes: [
              { name: 'v', image: { reference: 'mirror/five' } },
              { name: 'w', emptyDir: {} },
            ],
            image: 'six',
          },
        },
      },
      repoServer: { extraContainers: [{ image: 'mirror/x' }] },
    });
  });

  it('keeps everything else as it is', () => {
    const odd = {
      containers: ['text', null, { image: 5 }, { image: '' }],
      volumes: [null, { image: 'text' }],
      list: [[1]],
      no: null,
    };
    expect(mapImages(odd, mirrored)).toEqual(odd);
  });
});
