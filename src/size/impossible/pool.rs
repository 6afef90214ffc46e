//! A connection pool that is larger than the database can use.

use crate::size::plan::Warning;
use crate::size::web::ideal_connections;

/// Id of the warning.
pub const ID: &str = "pool-larger-than-the-database-uses";

/// A pool and the database behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Connections of each instance.
    pub connections: u32,
    /// Instances that keep such a pool.
    pub instances: u32,
    /// Cores of the database server.
    pub cores: u32,
    /// Disks that can seek at the same time; 1 for a solid-state disk.
    pub spindles: u32,
}

/// Whether more connections are kept than serve the database best: `cores x 2 + spindles` (HikariCP, "About Pool Sizing"). More of
/// them wait inside the database in place of the pool, which is slower, and hides the queue.
pub fn check(database: &str, source: &str, pool: Pool) -> Option<Warning> {
    let ideal = ideal_connections(pool.cores, pool.spindles);
    let all = pool.connections.saturating_mul(pool.instances.max(1));
    (all > ideal).then(|| Warning {
        id: ID.to_owned(),
        severe: false,
        text: format!(
            "{source} sets {all} connections to {database}, which has {} {}: {ideal} serve it best (cores x 2 + {}; HikariCP, About \
             Pool Sizing)",
            pool.cores,
            if pool.cores == 1 { "core" } else { "cores" },
            pool.spindles
        ),
        hint: Some(format!(
            "measure with a pool of {ideal} before you enlarge it; if the database is what is slow, give {database} more cores or a read \
             replica"
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_connections_on_one_core() {
        let pool = Pool { connections: 50, instances: 1, cores: 1, spindles: 1 };
        let got = check("mysql", "S5.T6 100-200", pool).unwrap();
        assert!(got.text.contains("sets 50 connections to mysql, which has 1 core: 3 serve it best"), "{}", got.text);
        assert_eq!(check("mysql", "x", Pool { connections: 3, ..pool }), None);
        assert!(check("mysql", "x", Pool { connections: 3, instances: 2, ..pool }).is_some());
        assert_eq!(check("mysql", "x", Pool { cores: 25, ..pool }), None);
        assert!(
            check("mysql", "x", Pool { connections: u32::MAX, instances: u32::MAX, cores: 0, spindles: 0 }).is_some()
        );
    }
}
