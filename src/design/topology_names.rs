//! Names that several outputs must agree on.

use super::topology::{SecretReader, Stack, Topology, Unit, Value};

/// The folder of a stack's own copies of secrets, relative to the stack's folder.
pub const SECRETS: &str = "secrets";
/// Variable with the private address of a server.
pub const PRIVATE_ADDRESS: &str = "PRIVATE_ADDRESS";
/// Variable with the address of the storage, on servers that mount it.
pub const STORAGE_ADDRESS: &str = "STORAGE_ADDRESS";
/// Variable with the addresses that may mount the storage, on the server that exports it.
pub const STORAGE_CLIENTS: &str = "STORAGE_CLIENTS";

impl Topology {
    /// Compose project of a stack; containers, networks and volumes begin with it.
    pub fn project(&self, stack: &Stack) -> String {
        format!("{}-{}", self.deployment, stack.name)
    }

    /// The stack of this name.
    pub fn stack(&self, name: &str) -> Option<&Stack> {
        self.stacks.iter().find(|stack| stack.name == name)
    }
}

impl Stack {
    /// The units of a service, in order.
    pub fn units_of<'a>(&'a self, service: &'a str) -> impl Iterator<Item = &'a Unit> {
        self.units.iter().filter(move |unit| unit.service == service)
    }
}

impl SecretReader {
    /// The copy of a secret that this service reads, relative to the stack's folder. Each service has its own copy,
    /// since Compose mounts secret files with the owner they have on the server.
    pub fn file(&self, secret: &str) -> String {
        secret_file(&self.service, secret)
    }
}

impl Unit {
    /// The copy of a secret that this unit reads, relative to the stack's folder.
    pub fn secret_file(&self, secret: &str) -> String {
        secret_file(&self.service, secret)
    }

    /// The file with `VARIABLE=value` lines for [`Unit::secret_env`], relative to the stack's folder; read raw, so that
    /// nothing in a value is quoted or replaced.
    pub fn secret_env_file(&self) -> Option<String> {
        (!self.secret_env.is_empty()).then(|| format!("{SECRETS}/{}.env", self.service))
    }
}

fn secret_file(service: &str, secret: &str) -> String {
    format!("{SECRETS}/{service}/{secret}")
}

impl Value {
    /// A text as it stands.
    pub fn literal(text: impl Into<String>) -> Self {
        Self::Literal(text.into())
    }

    /// The variables it depends on.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        let parts: &[_] = match self {
            Self::Literal(_) => &[],
            Self::Parts(parts) => parts,
        };
        parts.iter().filter_map(|part| match part {
            super::topology::Part::Variable(name) => Some(name.as_str()),
            super::topology::Part::Literal(_) => None,
        })
    }
}

/// A name as a variable: `api-server` becomes `API_SERVER`.
pub fn variable_name(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

/// Variable with the addresses of all servers of a stack: `API_HOSTS`, apart by commas; `API_HOST` when it is one.
pub fn hosts_variable(stack: &str, count: u32) -> String {
    format!("{}_HOST{}", variable_name(stack), if count > 1 { "S" } else { "" })
}
