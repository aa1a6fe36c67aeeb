//! `crowdsmith replay` and `crowdsmith simulate`: what a policy would have bought, and what it will cost.

pub mod read;
