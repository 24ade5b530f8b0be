//! Progress, pure: facts and trees in; phases, milestones, metrics and schedule out, each with its evidence. A search finds all that
//! judging takes, and the judge knows neither files nor commits: what was found can be kept, and told again after a few changes.

pub mod building;
pub mod cases;
pub mod deploy;
mod diary;
pub mod edit;
pub mod found;
pub mod inspect;
pub mod judge;
pub mod load;
pub mod matter;
pub mod metrics;
pub mod names;
pub mod next;
mod order;
mod overrules;
pub mod papers;
mod pattern;
pub mod phases;
pub mod planning;
pub mod posts;
pub mod ready;
pub mod search;
pub mod signals;
pub mod spelled;
pub mod status;
pub mod text;
