//! Memory of a service whose heap the blueprint sets in its environment or command.

use super::Facts;
use crate::blueprint::service::Service;
use crate::blueprint::tier::Environment;
use crate::size::component::Need;
use crate::size::jvm;
use crate::units::Bytes;

/// The variables that a service has in an environment, later ones over earlier ones.
fn variables(service: &Service, environment: Environment) -> impl Iterator<Item = (&str, &str)> {
    let word = if environment == Environment::Dev { "dev" } else { "prod" };
    let own = service.environments.get(word).into_iter().flat_map(|over| &over.env);
    own.chain(&service.env).map(|(name, value)| (name.as_str(), value.as_str()))
}

/// A variable of a service in an environment.
pub(super) fn variable<'a>(service: &'a Service, environment: Environment, name: &str) -> Option<&'a str> {
    variables(service, environment).find(|(other, _)| *other == name).map(|(_, value)| value)
}

/// A size as the JVM reads it: a number with `k`, `m`, `g` or `t`, in powers of 1024, or bytes.
pub(super) fn jvm_size(text: &str) -> Option<Bytes> {
    let at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let shift = match unit.to_ascii_lowercase().as_str() {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(1 << shift).map(Bytes)
}

/// The largest heap that the words of a command or of `ES_JAVA_OPTS` give.
pub(super) fn heap_of<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<Bytes> {
    words.into_iter().filter_map(|word| jvm_size(word.strip_prefix("-Xmx")?)).last()
}

/// Whether anything sets a heap.
pub(super) fn has_heap(service: &Service) -> bool {
    [Environment::Dev, Environment::Prod].into_iter().any(|environment| heap(service, environment).is_some())
}

/// The heap of a service in an environment: of its command, its Dockerfile's command, or a variable.
pub(super) fn heap(service: &Service, environment: Environment) -> Option<Bytes> {
    let words = service.command.iter().chain(service.build.iter().flat_map(|build| &build.run)).map(String::as_str);
    let options = |name| variable(service, environment, name).into_iter().flat_map(str::split_whitespace);
    let neo4j = || jvm_size(variable(service, environment, "NEO4J_server_memory_heap_max__size")?);
    // The last one counts: a virtual machine reads JAVA_TOOL_OPTIONS before its command line, and what starts it puts the
    // other two at the end of that.
    let words = options("JAVA_TOOL_OPTIONS").chain(words).chain(options("JAVA_OPTS")).chain(options("ES_JAVA_OPTS"));
    heap_of(words).or_else(neo4j)
}

/// Memory of a Java service by its heap and, where the blueprint adds its memory up, by the parts there.
pub(super) fn java(facts: &Facts<'_>, name: &str, service: &Service) -> Option<Need> {
    let heap = heap(service, facts.environment())?;
    let budget = facts.blueprint.memory_budgets.values().find(|budget| budget.service == name);
    let part = |words: &[&str]| {
        let parts = budget.into_iter().flat_map(|budget| &budget.parts);
        parts.into_iter().find(|(part, _)| words.iter().any(|word| part.starts_with(word))).map(|(_, bytes)| *bytes)
    };
    let stacks =
        part(&["thread"]).map_or(THREADS, |bytes| u32::try_from(bytes.0.div_ceil(jvm::STACK.0)).unwrap_or(u32::MAX));
    let mut need = jvm::need(&jvm::Load {
        vm: jvm::Vm::HotSpot,
        instances: 1,
        cpu: service.needs.as_ref().and_then(|needs| needs.cpu).unwrap_or_default(),
        heap,
        metaspace: part(&["metaspace"]).unwrap_or(METASPACE),
        threads: stacks,
        stack: None,
        code_cache: None,
        direct: part(&["nio", "direct"]).unwrap_or(DIRECT),
        collector: part(&["garbage"]),
    });
    // The blueprint sets the options of the process itself.
    need.settings.clear();
    Some(need)
}

/// Threads, classes and direct buffers of a Java service of which nothing is said. Assumptions: those of a Spring Boot
/// application by the arithmetic of S5.
const THREADS: u32 = 50;
const METASPACE: Bytes = Bytes::mib(150);
const DIRECT: Bytes = Bytes::mib(100);
