//! The kinds of resources on AWS, with what can be changed in place and how long each takes.
//!
//! Fields that can be changed in place are those that the Modify* calls of the service models take (EC2 2016-11-15, Elastic
//! Load Balancing v2 2015-12-01). Times are typical ones and an assumption each: they forecast, and decide nothing.

use crate::cloud::machine::Parts;
use crate::cloud::resource::kinds;

kinds! {
    /// A kind of resource on AWS.
    Kind:
    /// A network of one's own.
    Vpc "vpc", data false, changeable ["dns-hostnames", "dns-support"], made 1000, gone 1000, name 255;
    /// A part of it in one zone.
    Subnet "subnet", data false, changeable ["public-addresses"], made 1000, gone 1000, name 255;
    /// The way to the internet.
    InternetGateway "internet-gateway", data false, changeable [], made 1000, gone 1000, name 255;
    /// Which way packets of a subnet take.
    RouteTable "route-table", data false, changeable ["routes", "subnets"], made 1000, gone 1000, name 255;
    /// Which packets subnets let in and out, without memory of connections.
    NetworkAcl "network-acl", data false, changeable ["inbound", "outbound", "subnets"], made 1000, gone 1000, name 255;
    /// Which connections machines take and make.
    SecurityGroup "security-group", data false, changeable [], made 1000, gone 1000, name 255;
    /// One connection that a security group allows.
    SecurityRule "security-rule", data false, changeable ["description"], made 500, gone 500, name 255;
    /// A network interface that moves from machine to machine: routes and public addresses refer to it.
    NetworkInterface "network-interface", data false, changeable ["security-groups", "source-dest-check", "description"], made 1000, gone 1000, name 255;
    /// A private address that is kept from other machines (a reservation in its subnet) and given to the one of a service.
    PrivateAddress "private-address", data false, changeable [], made 500, gone 500, name 255;
    /// The provider's translation of addresses for private machines.
    NatGateway "nat-gateway", data false, changeable [], made 90000, gone 60000, name 255;
    /// A public address that stays.
    PublicAddress "public-address", data false, changeable ["of"], made 1000, gone 1000, name 255;
    /// What machines may do in the account.
    InstanceProfile "instance-profile", data false, changeable ["policy"], made 10000, gone 1000, name 128;
    /// How a machine is started, made anew for each version.
    LaunchTemplate "launch-template", data false, changeable [], made 500, gone 500, name 128;
    /// What takes requests in.
    LoadBalancer "load-balancer", data false, changeable ["attributes", "security-groups", "subnets"], made 120000, gone 30000, name 32;
    /// A port of it.
    Listener "listener", data false, changeable ["certificate", "ssl-policy", "default", "routes"], made 1000, gone 1000, name 255;
    /// Machines that it sends requests to, and how it checks them.
    TargetGroup "target-group", data false, changeable ["health-path", "health-interval", "health-timeout", "healthy-after", "unhealthy-after", "matcher", "drain", "targets"], made 1000, gone 1000, name 32;
    /// A disk with data.
    Volume "volume", data true, changeable ["size", "iops", "throughput"], made 5000, gone 5000, name 255;
    /// A shared file system.
    FileSystem "file-system", data true, changeable ["throughput"], made 30000, gone 30000, name 255;
    /// Where images are kept.
    Repository "repository", data true, changeable ["scan", "tag-mutability"], made 1000, gone 1000, name 256;
}

impl Parts for Kind {
    const TEMPLATE: Self = Self::LaunchTemplate;
    const DISK: Self = Self::Volume;
}
