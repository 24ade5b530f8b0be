//! The curriculum as data: projects, phases, milestones and metrics.
