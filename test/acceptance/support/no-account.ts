/** Arguments with which the real AWS provider plans without an account. */
export const NO_ACCOUNT = {
  region: 'us-west-2',
  access_key: 'none',
  secret_key: 'none',
  skip_credentials_validation: true,
  skip_metadata_api_check: true,
  skip_requesting_account_id: true,
};
