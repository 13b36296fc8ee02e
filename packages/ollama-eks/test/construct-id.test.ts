import { constructId } from '../src/construct-id';

test.each([
  ['AmazonEKSViewPolicy', 'amazon-eks-view-policy'],
  ['AmazonEKS_CNI_Policy', 'amazon-eks-cni-policy'],
  ['AmazonEC2ContainerRegistryPullOnly', 'amazon-ec2-container-registry-pull-only'],
  ['ecr.api', 'ecr-api'],
  ['com.amazonaws.us-west-2.s3', 'com-amazonaws-us-west-2-s3'],
  ['from-10.0.0.0/16', 'from-10-0-0-0-16'],
  ['node-role', 'node-role'],
])('%s becomes %s', (name, id) => {
  expect(constructId(name)).toBe(id);
});
