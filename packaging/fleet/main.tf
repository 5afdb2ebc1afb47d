# A module without resources: its output is user data for instances that install ec2-instance-connect at their
# first boot.
#
#   module "ec2_instance_connect" {
#     source = "./fleet"
#     url    = "https://packages.example.com"
#     key    = file("signing-key.asc")
#   }
#
#   resource "aws_instance" "host" {
#     user_data = module.ec2_instance_connect.user_data
#     metadata_options {
#       http_tokens                 = "required"
#       http_put_response_hop_limit = 1
#     }
#     ...
#   }

variable "url" {
  type        = string
  description = "Where the folder that ./dev package repo made is served"
}

variable "key" {
  type        = string
  description = "The public key that signs it, armored"
}

locals {
  folder = "/var/lib/ec2-instance-connect-install"
}

output "user_data" {
  value = "#cloud-config\n${yamlencode({
    write_files = [
      { path = "${local.folder}/signing-key.asc", content = var.key },
      { path = "${local.folder}/install.sh", content = file("${path.module}/install.sh") },
    ]
    runcmd = [["sh", "${local.folder}/install.sh", var.url, "${local.folder}/signing-key.asc"]]
  })}"
}
