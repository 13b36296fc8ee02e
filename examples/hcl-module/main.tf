terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {
  alias  = "ml"
  region = "us-west-2"
}

variable "vpc_id" {
  type        = string
  description = "Id of the VPC, with the range 10.20.0.0/16"
}

variable "private_subnet_ids" {
  type        = list(string)
  description = "Ids of two private subnets with a route to the internet, in two zones"
}

variable "admin_role_arn" {
  type        = string
  description = "ARN of the IAM role that may use the Kubernetes API"
}

module "ollama" {
  count     = 2
  source    = "../../dist/modules/gpu-cluster"
  providers = { aws = aws.ml }

  cluster_name       = "ollama-${count.index + 1}"
  vpc_id             = var.vpc_id
  private_subnet_ids = var.private_subnet_ids
  admin_role_arn     = var.admin_role_arn
}

output "kubeconfig_commands" {
  value = module.ollama[*].kubeconfig_command
}
