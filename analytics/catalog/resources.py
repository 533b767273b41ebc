"""Types of Terraform's resources: whose they are, and what a resource of a type is. Pure."""

from __future__ import annotations

import re
from functools import cache

#: Providers by the first word of a type.
PROVIDERS = {
    "aws": "AWS", "awscc": "AWS", "azurerm": "Azure", "azapi": "Azure", "google": "Google", "openstack": "OpenStack",
    "digitalocean": "Digital Ocean", "linode": "Linode", "ovh": "OVH", "rackspace": "Rackspace", "heroku": "Heroku",
    "hcloud": "Hetzner", "scaleway": "Scaleway", "flexibleengine": "FlexibleEngine", "vsphere": "VMware",
    "alicloud": "Alibaba Cloud", "oci": "Oracle Cloud", "ibm": "IBM Cloud", "vultr": "Vultr", "exoscale": "Exoscale",
    "upcloud": "UpCloud", "opentelekomcloud": "Open Telekom Cloud", "huaweicloud": "Huawei Cloud",
    "proxmox": "Proxmox", "libvirt": "libvirt",
}  # fmt: skip
#: What a type is: the first pattern that the whole of a type matches.
_KINDS: tuple[tuple[str, str], ...] = (
    # Machines.
    ("server", r"aws_(spot_)?instance(_request)?|azurerm_((linux|windows)_)?virtual_machine|google_compute_instance"),
    ("server", r"\w+_compute_instance_v2|digitalocean_droplet|(hcloud|upcloud|scaleway|scaleway_instance)_server"),
    ("server", r"vsphere_virtual_machine|linode_instance|vultr_instance|alicloud_instance|oci_core_instance"),
    ("server", r"ibm_is_instance|exoscale_compute(_instance)?|libvirt_domain"),
    ("server", r"proxmox(_virtual_environment)?_vm(_qemu)?|huaweicloud_compute_instance|scaleway_baremetal_server"),
    # Networks and subnets.
    ("Vpc", r"aws_(default_)?vpc|digitalocean_vpc|(alicloud|flexibleengine|huaweicloud|opentelekomcloud)_vpc(_v1)?"),
    ("VirtualNetwork", r"azurerm_virtual_network"),
    ("Network", r"google_compute_network|\w+_networking_network_v2|hcloud_network|scaleway_vpc_private_network"),
    ("Network", r"oci_core_vcn|linode_vpc|vsphere_(distributed_port_group|host_port_group)"),
    ("Subnet", r"aws_(default_)?subnet|azurerm_subnet|google_compute_subnetwork|\w+_networking_subnet_v2"),
    ("Subnet", r"hcloud_network_subnet|oci_core_subnet|linode_vpc_subnet|\w+_vpc_subnet(_v1)?|alicloud_vswitch"),
    # What guards them.
    ("SecurityGroup", r"aws_(default_)?security_group|\w+_(networking|compute)_secgroup_v2"),
    ("NetworkSecurityGroup", r"azurerm_network_security_group"),
    ("Firewall", r"google_compute_firewall|digitalocean_firewall|hcloud_firewall"),
    ("rule", r"aws_security_group_rule|aws_vpc_security_group_(in|e)gress_rule|\w+_networking_secgroup_rule_v2"),
    ("rule", r"azurerm_network_security_rule"),
    ("guarding", r"azurerm_(subnet|network_interface)_network_security_group_association"),
    ("guarding", r"azurerm_network_interface_security_group_association|hcloud_firewall_attachment"),
    ("guarding", r"aws_network_interface_sg_attachment"),
    # Ways between networks.
    ("NatGateway", r"aws_nat_gateway|azurerm_nat_gateway|google_compute_router_nat"),
    ("InternetGateway", r"aws_(egress_only_)?internet_gateway|oci_core_internet_gateway"),
    ("RouteTable", r"aws_(default_)?route_table|azurerm_route_table"),
    ("route", r"aws_route|aws_(main_)?route_table_association|azurerm_route|azurerm_subnet_route_table_association"),
    ("VpcPeering", r"aws_vpc_peering_connection|azurerm_virtual_network_peering|google_compute_network_peering"),
    ("VpcEndpoint", r"aws_vpc_endpoint|azurerm_private_endpoint"),
    ("VpnGateway", r"aws_vpn_gateway|azurerm_virtual_network_gateway|google_compute_(ha_)?vpn_gateway"),
    ("NetworkAcl", r"aws_(default_)?network_acl"),
    ("acl rule", r"aws_network_acl_rule"),
    ("TransitGateway", r"aws_ec2_transit_gateway"),
    ("Router", r"\w+_networking_router_v2"),
    ("ManagedPrefixList", r"aws_ec2_managed_prefix_list"),
    ("NetworkInterface", r"aws_network_interface|azurerm_network_interface"),
    ("Port", r"\w+_networking_port_v2"),
    ("attachment", r"\w+_compute_interface_attach_v2|aws_network_interface_attachment"),
    ("address", r"aws_eip|azurerm_public_ip|google_compute_(global_)?address|\w+_networking_floatingip_v2"),
    ("address", r"digitalocean_(floating|reserved)_ip|hcloud_(floating|primary)_ip|scaleway_instance_ip"),
    ("address link", r"aws_eip_association|\w+_(compute|networking)_floatingip_associate_v2"),
    ("address link", r"digitalocean_(floating|reserved)_ip_assignment|hcloud_(floating_ip_assignment|server_network)"),
    # Disks.
    ("volume", r"aws_ebs_volume|azurerm_managed_disk|google_compute_disk|\w+_blockstorage_volume_v[123]"),
    ("volume", r"digitalocean_volume|hcloud_volume|scaleway_instance_volume|linode_volume|vultr_block_storage"),
    ("disk link", r"aws_volume_attachment|azurerm_virtual_machine_data_disk_attachment|google_compute_attached_disk"),
    ("disk link", r"\w+_compute_volume_attach_v2|digitalocean_volume_attachment|hcloud_volume_attachment"),
    # Balancers, and the parts they are made of.
    ("Loadbalance", r"aws_(lb|alb|elb)|\w+_lb_loadbalancer_v[23]|azurerm_(lb|application_gateway)"),
    ("Loadbalance", r"google_compute_(global_)?forwarding_rule|(digitalocean|hcloud)_(loadbalancer|load_balancer)"),
    ("Loadbalance", r"scaleway_lb|linode_nodebalancer"),
    ("balancer part", r"aws_(lb|alb)_(listener|target_group)(_rule|_attachment|_certificate)?|aws_elb_attachment"),
    ("balancer part", r"\w+_lb_(listener|pool|member|members|monitor|l7policy|l7rule)(_v[23])?|azurerm_lb_\w+"),
    ("balancer part", r"azurerm_network_interface_(backend_address_pool|application_gateway)\w*_association"),
    ("balancer part", r"google_compute_(region_)?(target_\w+|url_map|backend_service|\w*health_check)"),
    ("balancer part", r"google_compute_(region_)?(instance_group(_manager|_membership)?|network_endpoint_group)"),
    ("balancer part", r"hcloud_load_balancer_\w+|scaleway_lb_\w+|linode_nodebalancer_\w+|aws_autoscaling_attachment"),
    # Groups of machines, before the families that the same words begin.
    ("AutoScalingPlan", r"aws_launch_(template|configuration)|google_compute_(region_)?instance_template"),
    ("AutoScaling", r"aws_autoscaling_group|azurerm_(\w+_)?virtual_machine_scale_set|\w+_k8s_pool(_beta)?"),
    ("AutoScaling", r"aws_eks_node_group|google_container_node_pool|azurerm_kubernetes_cluster_node_pool"),
    ("AutoScaling", r"digitalocean_kubernetes_node_pool"),
    # Managed things by their families.
    ("Database", r"aws_(db_instance|rds_cluster(_instance)?|dynamodb_table|redshift_cluster|docdb_cluster)"),
    ("Database", r"aws_(neptune_cluster|opensearch_domain|elasticsearch_domain|keyspaces_table|timestream\w+)"),
    ("Database", r"google_(sql_database_instance|spanner_instance|bigtable_instance|bigquery_dataset)"),
    ("Database", r"google_alloydb_(cluster|instance)|azurerm_cosmosdb_account|azurerm_mssql_(server|managed_instance)"),
    ("Database", r"azurerm_(postgresql|mysql|mariadb)_(flexible_)?server|azurerm_sql_server"),
    ("Database", r"digitalocean_database_cluster|scaleway_rdb_instance|\w+_db_instance_v1|\w+_rds_instance(_v[13])?"),
    ("Cache", r"aws_(elasticache_(cluster|replication_group|serverless_cache)|memorydb_cluster|dax_cluster)"),
    ("Cache", r"azurerm_redis_cache|google_(redis|memcache)_instance|scaleway_redis_cluster|\w+_dcs_instance\w*"),
    ("Broker", r"aws_(mq_broker|msk_cluster|sqs_queue|sns_topic|kinesis_stream|kinesis_firehose_delivery_stream)"),
    ("Broker", r"google_pubsub_topic|azurerm_(servicebus|eventhub)_namespace|azurerm_eventgrid_topic"),
    ("ObjectStorage", r"aws_s3_bucket|azurerm_storage_account|google_storage_bucket|digitalocean_spaces_bucket"),
    ("ObjectStorage", r"scaleway_object_bucket|\w+_objectstorage_container_v1|oci_objectstorage_bucket"),
    ("NAS", r"aws_(efs_file_system|fsx_\w+_file_system)|google_filestore_instance|azurerm_netapp_volume"),
    ("Serverless", r"aws_lambda_function|aws_apprunner_service|google_cloudfunctions2?_function"),
    ("Serverless", r"google_cloud_run\w*_(service|job)|azurerm_((linux|windows)_)?(function_app|web_app)"),
    ("Serverless", r"azurerm_app_service|scaleway_function"),
    ("Serverless", r"azurerm_container_(app|group)|google_app_engine_\w+_version|digitalocean_app"),
    ("ContainerOrchestration", r"aws_ecs_(service|cluster)|aws_eks_cluster|google_container_cluster"),
    ("ContainerOrchestration", r"azurerm_kubernetes_cluster|\w+_k8s_cluster(_beta)?|\w+_kubernetes_cluster"),
    ("ContainerOrchestration", r"\w+_containerinfra_cluster_v1|\w+_cce_cluster(_v3)?|\w+_lke_cluster"),
    ("CDN", r"aws_cloudfront_distribution|azurerm_(cdn_(frontdoor_)?profile|frontdoor)|digitalocean_cdn"),
    ("ApiGateway", r"aws_(api_gateway_rest_api|apigatewayv2_api)|azurerm_api_management|google_api_gateway_gateway"),
    ("DNS", r"aws_route53_zone|azurerm_(private_)?dns_zone|google_dns_managed_zone|\w+_dns_zone_v2"),
    ("DNS", r"digitalocean_domain"),
    ("Auth", r"aws_cognito_user_pool|azurerm_key_vault|google_identity_platform_config"),
    ("Repository", r"aws_ecr_repository|azurerm_container_registry|google_artifact_registry_repository"),
    # What other formats know better, and what runs in containers.
    ("workload", r"kubernetes_(deployment|stateful_set|daemon_set|daemonset|cron_job|job|pod)(_v1)?|helm_release"),
    ("workload", r"docker_(container|service)|nomad_job"),
)  # fmt: skip
#: Types that are no things of an inventory, with the reason.
_NOT_THINGS: tuple[tuple[str, str], ...] = (
    ("it is made up for the configuration", r"(random|tls|null|local|time|template|archive|external|http)_\w+"),
    ("it is made up for the configuration", r"terraform_data"),
    ("it is about permissions", r"aws_iam_\w+|\w+_iam_\w+|azurerm_(role_\w+|user_assigned_identity)|aws_\w+_policy"),
    ("it is a key", r"\w+_(key_?pair|ssh_key)(_v2)?|aws_kms_\w+|google_kms_\w+|azurerm_key_vault_\w+|aws_acm_\w+"),
    ("it is refused as secret", r"\w+secret\w*|aws_ssm_parameter|kubernetes_secret(_v1)?"),
)  # fmt: skip
_compiled = [(kind, re.compile(pattern)) for kind, pattern in _KINDS]
_not_things = [(reason, re.compile(pattern)) for reason, pattern in _NOT_THINGS]
#: Families of the networks collection among the kinds.
NETWORKS = frozenset(
    {
        *("Vpc", "VirtualNetwork", "Network", "Subnet", "SecurityGroup", "NetworkSecurityGroup", "Firewall"),
        *("NatGateway", "InternetGateway", "RouteTable", "VpcPeering", "VpcEndpoint", "VpnGateway", "NetworkAcl"),
        *("TransitGateway", "Router", "ManagedPrefixList", "NetworkInterface", "Port"),
    }
)


@cache
def kind_of_resource(name: str) -> str:
    """What a resource of a type is: ``server``, a family of networks or applications, a part of one; or nothing.

    >>> kind_of_resource("aws_instance"), kind_of_resource("flexibleengine_networking_port_v2")
    ('server', 'Port')
    >>> kind_of_resource("aws_elasticache_cluster"), kind_of_resource("aws_iam_role")
    ('Cache', '')
    """
    return next((kind for kind, pattern in _compiled if pattern.fullmatch(name)), "")


@cache
def no_thing(name: str) -> str:
    """Why a type is no thing of an inventory; empty where nothing is known of it.

    >>> no_thing("random_id"), no_thing("aws_quantum_ledger")
    ('it is made up for the configuration', '')
    """
    return next((reason for reason, pattern in _not_things if pattern.fullmatch(name)), "")


def provider_of_resource(name: str, stated: str = "") -> str:
    """Whose a type is: by its first word, else by what the state says of the provider.

    >>> provider_of_resource("aws_instance"), provider_of_resource("box_vm", 'provider["registry.example/acme/box"].eu')
    ('AWS', 'box')
    """
    first = name.partition("_")[0]
    if first in PROVIDERS:
        return PROVIDERS[first]
    found = re.search(r'provider\["([^"]+)"\]|provider\.([\w-]+)|^([\w./-]+)$', stated)
    word = next((one for one in found.groups() if one), "") if found else ""
    last = word.rpartition("/")[2]
    return PROVIDERS.get(last, last) or first
