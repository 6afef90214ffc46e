//! Golden settings, worked out by hand from pgtune's formulas, and pgtune's own test values.

use proptest::prelude::*;

use super::*;

fn server(gib: u64, cpus: u32) -> Server {
    Server {
        memory: Bytes::gib(gib),
        cpus,
        storage: Storage::Ssd,
        workload: Workload::Web,
        connections: None,
        data: DataSize::AboutMemory,
        version: 15,
    }
}

fn value(server: &Server, name: &str) -> Option<String> {
    tune(server).into_iter().find(|setting| setting.name == name).map(|setting| setting.value)
}

fn lines_of(server: &Server) -> Vec<String> {
    tune(server).iter().map(|setting| format!("{} = {}", setting.name, setting.value)).collect()
}

#[test]
fn web_on_64_gb_and_16_cores() {
    // work_mem: (67,108,864 - 16,777,216) / ((200 + 16) x 3) = 50,331,648 / 648 = 77,672.3 kB.
    let want = [
        "max_connections = 200",
        "shared_buffers = 16GB",
        "effective_cache_size = 48GB",
        "maintenance_work_mem = 4GB",
        "work_mem = 77672kB",
        "huge_pages = try",
        "autovacuum_work_mem = 2GB",
        "wal_buffers = 16MB",
        "min_wal_size = 1GB",
        "max_wal_size = 4GB",
        "checkpoint_completion_target = 0.9",
        "wal_compression = lz4",
        "random_page_cost = 1.1",
        "effective_io_concurrency = 200",
        "default_statistics_target = 100",
        "jit = off",
        "max_worker_processes = 16",
        "max_parallel_workers_per_gather = 4",
        "max_parallel_workers = 16",
        "max_parallel_maintenance_workers = 4",
        "autovacuum_max_workers = 4",
    ];
    assert_eq!(lines_of(&server(64, 16)), want);
}

#[test]
fn oltp_on_128_gb_and_32_cores() {
    let machine = Server { workload: Workload::Oltp, storage: Storage::Nvme, ..server(128, 32) };
    // (134,217,728 - 33,554,432) / ((300 + 32) x 3) = 100,663,296 / 996 = 101,067.6 kB.
    for (name, want) in [
        ("max_connections", "300"),
        ("shared_buffers", "32GB"),
        ("effective_cache_size", "96GB"),
        ("maintenance_work_mem", "8GB"),
        ("work_mem", "101067kB"),
        ("effective_io_concurrency", "1000"),
        ("max_wal_size", "8GB"),
        ("autovacuum_max_workers", "5"),
    ] {
        assert_eq!(value(&machine, name).as_deref(), Some(want), "{name}");
    }
}

#[test]
fn mixed_on_16_gb_and_4_cores() {
    let machine = Server { workload: Workload::Mixed, storage: Storage::Hdd, ..server(16, 4) };
    // (16,777,216 - 4,194,304) / ((100 + 4) x 3) / 2 = 12,582,912 / 624 = 20,164.9 kB.
    for (name, want) in [
        ("max_connections", Some("100")),
        ("shared_buffers", Some("4GB")),
        ("maintenance_work_mem", Some("1GB")),
        ("work_mem", Some("20164kB")),
        ("random_page_cost", Some("4")),
        ("effective_io_concurrency", Some("2")),
        ("max_parallel_workers_per_gather", Some("2")),
        ("autovacuum_work_mem", None),
        ("autovacuum_max_workers", None),
    ] {
        assert_eq!(value(&machine, name).as_deref(), want, "{name}");
    }
}

#[test]
fn warehouse_and_desktop() {
    let warehouse = Server { workload: Workload::Dw, cpus: 31, ..server(16, 31) };
    assert_eq!(value(&warehouse, "max_parallel_workers_per_gather").as_deref(), Some("16"));
    assert_eq!(value(&warehouse, "random_page_cost").as_deref(), Some("4"));
    assert_eq!(value(&warehouse, "maintenance_work_mem").as_deref(), Some("2GB"));
    assert_eq!(value(&warehouse, "jit"), None);
    let desktop = Server { workload: Workload::Desktop, cpus: 2, ..server(8, 2) };
    // (8,388,608 - 524,288) / ((20 + 8) x 3) / 6 = 7,864,320 / 504 = 15,603.8 kB.
    assert_eq!(value(&desktop, "work_mem").as_deref(), Some("15603kB"));
    assert_eq!(value(&desktop, "shared_buffers").as_deref(), Some("512MB"));
    assert_eq!(value(&desktop, "max_wal_senders").as_deref(), Some("0"));
    // 3 % of 524,288 kB is 15,728 kB: above 14 MB, so 16 MB.
    assert_eq!(value(&desktop, "wal_buffers").as_deref(), Some("16MB"));
    assert_eq!(value(&desktop, "max_worker_processes"), None);
}

#[test]
fn data_beside_memory_moves_work_mem() {
    let below = Server { data: DataSize::BelowMemory, storage: Storage::Hdd, ..server(64, 16) };
    let above = Server { data: DataSize::AboveMemory, ..server(64, 16) };
    // 77,672 x 1.3 = 100,973.6; x 0.9 = 69,904.8.
    assert_eq!(value(&below, "work_mem").as_deref(), Some("100973kB"));
    assert_eq!(value(&above, "work_mem").as_deref(), Some("69904kB"));
    assert_eq!(value(&below, "random_page_cost").as_deref(), Some("1.1"));
}

#[test]
fn many_connections_leave_four_megabytes() {
    let crowded = Server { connections: Some(9999), ..server(4, 4) };
    assert_eq!(value(&crowded, "work_mem").as_deref(), Some("4MB"));
    assert_eq!(value(&crowded, "huge_pages").as_deref(), Some("off"));
    assert_eq!(max_connections(&Server { connections: Some(0), ..crowded }), 200);
}

#[test]
fn version_decides_what_there_is() {
    let of = |version| Server { version, ..server(64, 32) };
    assert_eq!(value(&of(14), "wal_compression").as_deref(), Some("on"));
    assert_eq!(value(&of(17), "io_workers"), None);
    assert_eq!(value(&of(18), "io_workers").as_deref(), Some("8"));
}

/// A row of the goldens: what went into pgtune.
fn input(row: &std::collections::BTreeMap<&str, &str>) -> Server {
    let (number, unit) = row["totalMemory"].split_at(row["totalMemory"].len() - 2);
    let shift = [("MB", 20), ("GB", 30), ("TB", 40)].into_iter().find(|(name, _)| *name == unit).unwrap().1;
    Server {
        memory: Bytes(number.parse::<u64>().unwrap() << shift),
        cpus: row["cpuNum"].parse().unwrap_or(0),
        storage: match row["hdType"] {
            "ssd" => Storage::Ssd,
            "hdd" => Storage::Hdd,
            "san" => Storage::San,
            _ => Storage::Nvme,
        },
        workload: match row["dbType"] {
            "web" => Workload::Web,
            "oltp" => Workload::Oltp,
            "dw" => Workload::Dw,
            "desktop" => Workload::Desktop,
            _ => Workload::Mixed,
        },
        connections: row["connectionNum"].parse().ok(),
        data: match row["dbSize"] {
            "less_ram" => DataSize::BelowMemory,
            "mid_ram" => DataSize::AboutMemory,
            _ => DataSize::AboveMemory,
        },
        version: row["dbVersion"].parse().unwrap(),
    }
}

#[test]
fn equals_pgtune() {
    const INPUTS: usize = 7;
    const IN_KB: [&str; 8] = [
        "shared_buffers",
        "effective_cache_size",
        "maintenance_work_mem",
        "work_mem",
        "autovacuum_work_mem",
        "wal_buffers",
        "min_wal_size",
        "max_wal_size",
    ];
    let table = include_str!("../../tests/data/pgtune.csv");
    let mut lines = table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(',').collect::<Vec<_>>());
    let names = lines.next().unwrap();
    let mut rows = 0;
    for line in lines {
        let row = names.iter().copied().zip(line.iter().copied()).collect();
        let official = names.iter().zip(&line).skip(INPUTS).filter(|(_, value)| !value.is_empty());
        // Left out on purpose: see `rest`.
        let official = official.filter(|(name, _)| **name != "io_method");
        let mut official: Vec<_> = official
            .map(|(name, value)| match IN_KB.contains(name) {
                true => format!("{name} = {}", written(value.parse().unwrap())),
                false => format!("{name} = {value}"),
            })
            .collect();
        let mut ours = lines_of(&input(&row));
        official.sort();
        ours.sort();
        assert_eq!(ours, official, "{line:?}");
        rows += 1;
    }
    assert_eq!(rows, 900);
}

proptest! {
    #[test]
    fn never_promises_more_than_there_is(kb in 0u64..1 << 40, cpus: u32, connections: Option<u32>) {
        let machine = Server { memory: Bytes(kb * KB), cpus, connections, ..server(0, 0) };
        prop_assert!(shared_buffers(&machine) + maintenance(&machine) <= kb);
        let floor = 4 * MB_IN_KB;
        let sessions = u64::from(max_connections(&machine));
        let work = work_mem(&machine);
        prop_assert!(work == floor || work * sessions + shared_buffers(&machine) <= kb);
        prop_assert!(tune(&machine).iter().all(|setting| !setting.value.is_empty()));
    }
}
