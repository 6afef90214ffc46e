//! Language models under vLLM: what weights, adapters and the key-value cache take of GPUs, and how many requests they bear.
//!
//! Memory follows from the shapes of the model and the settings of vLLM. Speed does not: how many tokens per second a GPU
//! writes must be measured; only the limit that memory bandwidth sets can be calculated ([`bound_millitokens`]).

mod budget;
mod decode;
mod dtype;
mod fit;
mod gpu;
mod load;
pub mod lora;
mod model;
mod need;
pub(crate) mod rows;
mod why;

pub use budget::{Budget, Refusal, budget, divides, per_token, weights};
pub use decode::bound_millitokens;
pub use dtype::{Capability, Dtype, Quantization};
pub use fit::fit;
pub use gpu::{GpuFacts, facts, gpus, named as gpu_named, short_name};
pub use load::{ACTIVATIONS, Adapters, BLOCK, Load, UTILIZATION};
pub use model::{Architecture, models, named as model_named};
pub use need::{need, visible_memory};
