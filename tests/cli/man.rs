use crate::harness::Sandbox;

#[test]
fn the_main_page_goes_to_stdout() {
    let page = Sandbox::new().rapplan("man").stdout_text();
    assert!(page.contains(".TH rapplan 1"), "{page}");
}

#[test]
fn each_command_gets_a_file() {
    let sandbox = Sandbox::new();
    assert!(sandbox.rapplan("man --out pages/man1").output().status.success());
    let files = sandbox.files("pages/man1");
    for name in ["rapplan.1", "rapplan-init.1", "rapplan-blueprints.1", "rapplan-blueprints-check.1"] {
        assert!(files.iter().any(|file| file == name), "{files:?}");
    }
    assert!(files.iter().all(|file| file.ends_with(".1")), "{files:?}");
}
