use crate::harness::Sandbox;
use crate::snapshot;

#[test]
fn names_version_commit_and_catalogue() {
    snapshot!(Sandbox::new().rapplan("version").transcript());
}

#[test]
fn the_flag_is_the_command() {
    let sandbox = Sandbox::new();
    let said = sandbox.rapplan("version").stdout_text();
    assert_eq!(sandbox.rapplan("--version").stdout_text(), said);
    assert_eq!(sandbox.rapplan("-V").stdout_text(), said);
}

#[test]
fn has_every_format() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("version -o json").transcript());
    snapshot!(sandbox.rapplan("version -o yaml").transcript().replace("commit: ", "commit "));
    snapshot!(sandbox.rapplan("version -o csv").transcript());
}
