//! Progress, pure: facts and trees in; phases, milestones, metrics and schedule out, each with its evidence.
