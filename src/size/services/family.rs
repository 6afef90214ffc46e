//! What the model of a service's family makes of the demand and of the service's own settings.

use super::Facts;
use crate::blueprint::service::Service;
use crate::size::component::Need;

/// The need by the family's model; `None` where neither the demand nor the blueprint gives it anything to go by.
pub(super) fn need(_facts: &Facts<'_>, _name: &str, _service: &Service) -> Option<Need> {
    None
}
