/**
 * The API of Amazon EKS, as far as Terraform creates, reads and deletes with it: what was created is returned with the values that EKS adds.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html
 */
import { randomUUID } from 'node:crypto';
import { bodyOf, json, refusal, seconds, type AwsAnswer, type AwsPlace, type AwsRequest, type Json } from './exchange';

/** What belongs to a cluster. */
interface Kind {
  /** Key in an answer. */
  readonly key: string;
  /** Field with its name, and the one with its ARN. */
  readonly name: string;
  readonly arn: string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  'node-groups': { key: 'nodegroup', name: 'nodegroupName', arn: 'nodegroupArn' },
  addons: { key: 'addon', name: 'addonName', arn: 'addonArn' },
  'access-entries': { key: 'accessEntry', name: 'principalArn', arn: 'accessEntryArn' },
  'pod-identity-associations': { key: 'association', name: 'associationId', arn: 'associationArn' },
};

/** Security groups of clusters. */
export interface SecurityGroups {
  /** Creates the one of a cluster in the VPC of a subnet. */
  create(
    cluster: string,
    subnetId: string,
  ): Promise<{ readonly vpcId: string; readonly clusterSecurityGroupId: string }>;
  /** Deletes one; EKS does so with its cluster. */
  delete(id: string): Promise<void>;
}

export class EksEmulator {
  /** By path: `clusters/ollama/addons/coredns`. */
  readonly #objects = new Map<string, Json>();

  public constructor(
    private readonly place: AwsPlace,
    private readonly securityGroups: SecurityGroups,
  ) {}

  public async answer(request: AwsRequest): Promise<AwsAnswer> {
    const { pathname, searchParams } = new URL(request.path, 'http://eks');
    const path = pathname.split('/').slice(1).map(decodeURIComponent);
    const [root, cluster, kindName = '', name, part] = path;
    const kind = KINDS[kindName];
    if (pathname === '/addons/supported-versions') return json(addOnVersions(searchParams));
    if (root !== 'clusters') return refusal(400, 'InvalidRequestException', `${pathname} is not emulated`);
    if (request.method === 'POST') {
      if (cluster === undefined) return json({ cluster: await this.#createCluster(bodyOf(request)) });
      if (kind !== undefined && name === undefined) {
        return json({ [kind.key]: this.#create(cluster, kindName, kind, bodyOf(request)) });
      }
      if (part === 'access-policies') return json({ associatedAccessPolicy: this.#associate(path, bodyOf(request)) });
    }
    if (request.method === 'DELETE' && cluster !== undefined) return this.#delete(path, kind);
    if (request.method !== 'GET' || (kind !== undefined && name === undefined)) {
      return refusal(400, 'InvalidRequestException', `${request.method} ${pathname} is not emulated`);
    }
    if (cluster === undefined) return json({ clusters: this.#under(path).map(({ name: own }) => own) });
    if (part === 'access-policies') return json({ associatedAccessPolicies: this.#under(path) });
    const object = this.#objects.get(path.join('/'));
    if (object === undefined) return refusal(404, 'ResourceNotFoundException', `${pathname} does not exist`);
    return json({ [kind?.key ?? 'cluster']: object });
  }

  async #createCluster(body: Json): Promise<Json> {
    const { name, resourcesVpcConfig, accessConfig, ...rest } = body as Json & {
      readonly name: string;
      readonly resourcesVpcConfig: Json & { readonly subnetIds: readonly string[] };
      readonly accessConfig: Json;
    };
    const [subnetId = ''] = resourcesVpcConfig.subnetIds;
    const { region } = this.place;
    const cluster = {
      ...rest,
      name,
      arn: this.#arn(`cluster/${name}`),
      createdAt: seconds(),
      status: 'ACTIVE',
      platformVersion: 'eks.1',
      endpoint: `https://${name}.${region}.eks.amazonaws.com`,
      certificateAuthority: { data: Buffer.from(name).toString('base64') },
      identity: { oidc: { issuer: `https://oidc.eks.${region}.amazonaws.com/id/${name}` } },
      resourcesVpcConfig: {
        publicAccessCidrs: resourcesVpcConfig['endpointPublicAccess'] === false ? [] : ['0.0.0.0/0'],
        ...resourcesVpcConfig,
        ...(await this.securityGroups.create(name, subnetId)),
      },
      accessConfig: { authenticationMode: accessConfig['authenticationMode'] },
      deletionProtection: false,
    };
    this.#objects.set(`clusters/${name}`, cluster);
    return cluster;
  }

  #create(clusterName: string, kindName: string, kind: Kind, body: Json): Json {
    const id = kindName === 'pod-identity-associations' ? `a-${randomUUID().slice(0, 8)}` : String(body[kind.name]);
    const type = kindName === 'pod-identity-associations' ? 'podidentityassociation' : kind.key.toLowerCase();
    const object = {
      ...body,
      clusterName,
      [kind.name]: id,
      [kind.arn]: this.#arn(`${type}/${clusterName}/${id}`),
      status: 'ACTIVE',
      health: { issues: [] },
      createdAt: seconds(),
      modifiedAt: seconds(),
      ...this.#added(clusterName, kindName, body),
    };
    this.#objects.set(`clusters/${clusterName}/${kindName}/${id}`, object);
    return object;
  }

  /** Returns what EKS adds to what was created. */
  #added(clusterName: string, kindName: string, body: Json): Json {
    switch (kindName) {
      case 'node-groups':
        return {
          releaseVersion: body['releaseVersion'] ?? `${String(body['version'])}.0-20260101`,
          resources: { autoScalingGroups: [{ name: `eks-${String(body['nodegroupName'])}` }] },
        };
      case 'access-entries':
        return { username: body['username'] ?? body['principalArn'] };
      case 'addons':
        return { podIdentityAssociations: this.#identitiesOf(clusterName, body) };
      default:
        return {};
    }
  }

  /** Creates the associations of an add-on, and returns their ARNs. */
  #identitiesOf(clusterName: string, { podIdentityAssociations = [] }: Json): readonly unknown[] {
    const name = 'pod-identity-associations';
    const kind = KINDS[name] as Kind;
    return (podIdentityAssociations as readonly Json[]).map(
      (association) => this.#create(clusterName, name, kind, { namespace: 'kube-system', ...association })[kind.arn],
    );
  }

  #associate(path: readonly string[], body: Json): Json {
    const policy = { ...body, associatedAt: seconds(), modifiedAt: seconds() };
    this.#objects.set([...path, encodeURIComponent(String(body['policyArn']))].join('/'), policy);
    return policy;
  }

  /** Deletes an object, or detaches an access policy. EKS refuses to delete a cluster with node groups. */
  async #delete(path: readonly string[], kind: Kind | undefined): Promise<AwsAnswer> {
    const [, name = '', , , , policy] = path;
    const key = [...path.slice(0, 5), ...(policy === undefined ? [] : [encodeURIComponent(policy)])].join('/');
    const object = this.#objects.get(key);
    if (object === undefined) return refusal(404, 'ResourceNotFoundException', `${key} does not exist`);
    if (kind === undefined) {
      if (this.#under([...path, 'node-groups']).length > 0) {
        return refusal(409, 'ResourceInUseException', `${name} has node groups`);
      }
      const { clusterSecurityGroupId } = object['resourcesVpcConfig'] as Json;
      await this.securityGroups.delete(String(clusterSecurityGroupId));
    }
    [...this.#objects.keys()]
      .filter((other) => other === key || other.startsWith(`${key}/`))
      .forEach((other) => this.#objects.delete(other));
    return json(policy === undefined ? { [kind?.key ?? 'cluster']: { ...object, status: 'DELETING' } } : {});
  }

  /** Returns what is directly under a path. */
  #under(path: readonly string[]): readonly Json[] {
    const start = `${path.join('/')}/`;
    return [...this.#objects]
      .filter(([key]) => key.startsWith(start) && !key.slice(start.length).includes('/'))
      .map(([, object]) => object);
  }

  #arn(resource: string): string {
    return `arn:aws:eks:${this.place.region}:${this.place.account}:${resource}`;
  }
}

/** Returns one version of an add-on, which is the default. */
function addOnVersions(query: URLSearchParams): Json {
  const compatibilities = [{ clusterVersion: query.get('kubernetesVersion'), defaultVersion: true }];
  const addonVersions = [{ addonVersion: 'v1.0.0-eksbuild.1', compatibilities }];
  return { addons: [{ addonName: query.get('addonName'), addonVersions }] };
}
