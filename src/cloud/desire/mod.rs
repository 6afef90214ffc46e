//! What is wanted of any cloud: which machines there are, who calls whom, what each bears and what it is started with.
//!
//! Nothing here knows how a cloud brings it about. The folder of each cloud adds its network, its rules and its resources.

pub(in crate::cloud) mod boot;
pub(in crate::cloud) mod calls;
pub(in crate::cloud) mod health;
pub(in crate::cloud) mod images;
pub(in crate::cloud) mod layout;
pub(in crate::cloud) mod load;
pub(in crate::cloud) mod machine;
pub(in crate::cloud) mod made;
pub(in crate::cloud) mod paths;
pub(in crate::cloud) mod release;
