//! From a sized blueprint to what is deployed: units, networks, ports, disks, secrets, health checks, hardening.

pub mod topology;
